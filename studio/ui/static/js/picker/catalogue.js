// All sounds of the gallery, by columns: row 17 is the same sound everywhere on the page.

import { reading } from '../lib/numbers.js';
import { architectureLabel, datasetLabel, DATASETS } from '../lib/datasets.js';

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {(value: number) => string} Reading */

/** @type {(digits: number) => Reading} */
const plain = digits => value => value.toLocaleString('en', { maximumSignificantDigits: digits });
// Dreams are far from noise: 0.0004 % is common.
/** @type {Reading} */
const noisiness = value => `${plain(2)(value * 100)} %`;
/** @type {Reading} */
const share = value => `${Math.round(value * 100)} %`;
/** @type {Reading} */
const signed = value => `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;

/**
 * What is measured of every sound.
 *
 * @typedef {object} Known
 * @property {string} name  its column
 * @property {string} label
 * @property {Reading} read
 * @property {boolean} [log]  differences are heard as ratios
 * @property {boolean} [more]  wanted more seldom
 * @property {string} help
 *
 * @typedef {Known & Scale} Feature
 */

/** @type {Known[]} */
const FEATURES = [
  { name: 'loudness_mean', label: 'Loudness', read: reading.loudness, log: true, help: 'Quiet … loud' },
  { name: 'brightness_mean', label: 'Brightness', read: reading.brightness, log: true, help: 'Dark … bright' },
  { name: 'noisiness_mean', label: 'Noisiness', read: noisiness, log: true, help: 'Tonal … noisy' },
  { name: 'roughness_mean', label: 'Roughness', read: reading.roughness, log: true, help: 'Smooth … rough' },
  { name: 'loudness_sd', label: 'Loudness, variation', read: plain(2), log: true, more: true, help: 'Even … varied within the sound' },
  { name: 'brightness_sd', label: 'Brightness, variation', read: reading.brightness, log: true, more: true, help: 'Even … varied within the sound' },
  { name: 'noisiness_sd', label: 'Noisiness, variation', read: noisiness, log: true, more: true, help: 'Even … varied within the sound' },
  { name: 'roughness_sd', label: 'Roughness, variation', read: plain(2), log: true, more: true, help: 'Even … varied within the sound' },
  { name: 'burst_share', label: 'Burst share', read: share, more: true, help: 'Energy in the loudest fifth of the sound' },
  { name: 'synchrony', label: 'Synchrony', read: signed, more: true, help: 'Whether changes of timbre go with changes of level' },
  { name: 'pitchedness', label: 'Pitchedness', read: share, more: true, help: 'Energy in the strongest third-octave' },
];

/**
 * Sounds of one layer of one model, which lie in one file; their rows follow one another.
 *
 * @typedef {object} Group
 * @property {string} dataset
 * @property {string} architecture
 * @property {number} layer
 * @property {number} count
 * @property {string} file
 * @property {string[] | null} [labels]  class names
 *
 * `studio/gallery.json`: a column is a number where all rows have the same.
 *
 * @typedef {object} Table
 * @property {Group[]} groups
 * @property {Record<string, (number | null)[] | number | null>} columns
 * @property {Recipe} recipe  of all sounds, but for what the columns say
 * @property {number} made
 * @property {number} expected
 * @property {string} [build]  the command that makes the rest
 */

export class Catalogue {
  /** @param {Table} table */
  constructor({ groups, columns, recipe }) {
    this.recipe = recipe;
    this.count = groups.reduce((sum, group) => sum + group.count, 0);
    this.groupOf = new Int16Array(this.count);
    let row = 0;
    this.groups = groups.map((group, index) => {
      const start = row;
      row += group.count;
      this.groupOf.fill(index, start, row);
      return { ...group, start };
    });
    /** @type {Record<string, Float64Array>} */
    this.columns = {};
    for (const [name, values] of Object.entries(columns)) {
      this.columns[name] = Array.isArray(values)
        ? Float64Array.from(values, value => value ?? NaN)
        : new Float64Array(this.count).fill(values ?? NaN);
    }
    /** @type {Feature[]} */
    this.features = FEATURES.filter(({ name }) => name in columns).map(feature => ({
      ...feature, ...scaleOf(this.columns[feature.name], feature.log),
    }));
    this.datasets = kinds(groups.map(({ dataset }) => dataset), Object.keys(DATASETS));
    this.architectures = kinds(groups.map(({ architecture }) => architecture));
    this.layers = kinds(groups.map(({ layer }) => layer)).sort((a, b) => a - b);
    this.rows = new Map(Array.from({ length: this.count }, (_, i) => [this.id(i), i]));
  }

  /** @param {number} row */
  group(row) {
    return this.groups[this.groupOf[row]];
  }

  /** @param {number} row */
  map(row) {
    return this.columns.map[row];
  }

  /**
   * Of a near-duplicate: the sound that it nearly is; −1 of one that stands for itself.
   *
   * @param {number} row
   */
  like(row) {
    return this.columns.like?.[row] ?? -1;
  }

  /** @param {number} row */
  label(row) {
    const { labels, start } = this.group(row);
    return labels?.[row - start] || '';
  }

  /** @param {number} row */
  id(row) {
    const { dataset, architecture, layer } = this.group(row);
    return `${dataset}-${architecture}-${layer}-${this.map(row)}`;
  }

  /** @param {string} id  such as 'events-model2-3-7' */
  find(id) {
    return this.rows.get(id);
  }

  /** @param {number} row */
  title(row) {
    return this.label(row) || `Layer ${this.group(row).layer}, map ${this.map(row)}`;
  }

  /** @param {number} row */
  model(row) {
    const { dataset, architecture } = this.group(row);
    return `${datasetLabel(dataset)} · ${architectureLabel(architecture)}`;
  }

  /**
   * Where a sound with a name of its own sits in its network.
   *
   * @param {number} row
   */
  detail(row) {
    if (!this.label(row)) return this.model(row);
    return `${this.model(row)} · layer ${this.group(row).layer}, map ${this.map(row)}`;
  }

  /** @param {string} name */
  feature(name) {
    return this.features.find(feature => feature.name === name);
  }

  /**
   * @param {number} row
   * @returns {Recipe}
   */
  recipeOf(row) {
    const { dataset, architecture, layer } = this.group(row);
    return {
      ...this.recipe, dataset, architecture, targets: [[layer, this.map(row), 1]], seed: this.columns.seed[row],
    };
  }
}

/**
 * Kinds that occur, the known ones first and in their order.
 *
 * @template {string | number} Kind
 * @param {Kind[]} all
 * @param {Kind[]} [known]
 */
function kinds(all, known = []) {
  const there = new Set(all);
  return [...known.filter(name => there.has(name)), ...[...there].filter(name => !known.includes(name))];
}

/**
 * A scale from 0 to 1 over the values that occur.
 *
 * @typedef {object} Scale
 * @property {number} low
 * @property {number} high
 * @property {Float64Array} values  by row
 * @property {Float32Array} places  0…1, by row
 * @property {(value: number) => number} place
 * @property {(place: number) => number} value
 * @property {[low: number, high: number]} typical  places between which nearly all lie
 */

/**
 * @param {Float64Array} values
 * @param {boolean} [log]
 * @returns {Scale}
 */
export function scaleOf(values, log = false) {
  const finite = values.filter(value => Number.isFinite(value) && (!log || value > 0));
  /** @type {(value: number) => number} */
  const move = log ? Math.log : value => value;
  let low = Infinity;
  let high = -Infinity;
  for (const value of finite) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!finite.length) [low, high] = [0, 1];
  if (high === low) high = low + Math.max(1e-9, Math.abs(low) * 1e-6);
  const span = move(high) - move(low);
  /** @param {number} value */
  const place = value => (Number.isFinite(value) ? Math.min(1, Math.max(0, (move(Math.max(value, log ? low : -Infinity)) - move(low)) / span)) : 0);
  const places = Float32Array.from(values, place);
  const inOrder = Float32Array.from(places).sort();
  /** @param {number} part */
  const at = part => inOrder[Math.round(part * (inOrder.length - 1))] || 0;
  return {
    low, high, values, place, places,
    typical: [at(0.02), Math.max(at(0.98), at(0.02) + 1e-6)],
    value: position => (log ? Math.exp(move(low) + position * span) : low + position * span),
  };
}
