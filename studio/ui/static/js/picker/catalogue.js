// All sounds of the gallery, by columns: row 17 is the same sound everywhere on the page.

import { reading } from '../lib/numbers.js';
import { architectureLabel, datasetLabel, DATASETS, signOf } from '../lib/datasets.js';

const plain = digits => value => value.toLocaleString('en', { maximumSignificantDigits: digits });
// Dreams are far from noise: 0.0004 % is common.
const noisiness = value => `${plain(2)(value * 100)} %`;
const share = value => `${Math.round(value * 100)} %`;
const signed = value => `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;

// What is measured of every sound. `log`: differences are heard as ratios.
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

export class Catalogue {
  constructor({ groups, columns, recipe, made, expected }) {
    Object.assign(this, { groups, recipe, made, expected });
    this.count = groups.reduce((sum, group) => sum + group.count, 0);
    this.groupOf = new Int16Array(this.count);
    let row = 0;
    for (const [index, group] of groups.entries()) {
      group.start = row;
      row += group.count;
      this.groupOf.fill(index, group.start, row);
    }
    this.columns = {};
    for (const [name, values] of Object.entries(columns)) {
      this.columns[name] = Array.isArray(values)
        ? Float64Array.from(values, value => value ?? NaN)
        : new Float64Array(this.count).fill(values ?? NaN);
    }
    this.features = FEATURES.filter(({ name }) => name in columns).map(feature => ({
      ...feature, ...measure(this.columns[feature.name], feature.log),
    }));
    this.datasets = this.#kinds('dataset', Object.keys(DATASETS));
    this.architectures = this.#kinds('architecture', []);
    this.layers = this.#kinds('layer', []).sort((a, b) => a - b);
    this.rows = new Map(Array.from({ length: this.count }, (_, i) => [this.id(i), i]));
  }

  group(row) {
    return this.groups[this.groupOf[row]];
  }

  map(row) {
    return this.columns.map[row];
  }

  label(row) {
    const { labels, start } = this.group(row);
    return labels?.[row - start] || '';
  }

  id(row) {
    const { dataset, architecture, layer } = this.group(row);
    return `${dataset}-${architecture}-${layer}-${this.map(row)}`;
  }

  find(id) {
    return this.rows.get(id);
  }

  title(row) {
    return this.label(row) || `Layer ${this.group(row).layer}, map ${this.map(row)}`;
  }

  model(row) {
    const { dataset, architecture } = this.group(row);
    return `${datasetLabel(dataset)} · ${architectureLabel(architecture)}`;
  }

  // Where a sound with a name of its own sits in its network.
  detail(row) {
    if (!this.label(row)) return this.model(row);
    return `${this.model(row)} · layer ${this.group(row).layer}, map ${this.map(row)}`;
  }

  sign(row) {
    return signOf(this.group(row).dataset);
  }

  feature(name) {
    return this.features.find(feature => feature.name === name);
  }

  recipeOf(row) {
    const { dataset, architecture, layer } = this.group(row);
    return {
      ...this.recipe, dataset, architecture, targets: [[layer, this.map(row), 1]], seed: this.columns.seed[row],
    };
  }

  // Kinds that occur, the known ones first and in their order.
  #kinds(key, known) {
    const there = new Set(this.groups.map(group => group[key]));
    return [...known.filter(name => there.has(name)), ...[...there].filter(name => !known.includes(name))];
  }
}

// A scale from 0 to 1 over the values that occur.
function measure(values, log) {
  const finite = values.filter(value => Number.isFinite(value) && (!log || value > 0));
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
  const place = value => (Number.isFinite(value) ? Math.min(1, Math.max(0, (move(Math.max(value, log ? low : -Infinity)) - move(low)) / span)) : 0);
  const places = Float32Array.from(values, place);
  const inOrder = Float32Array.from(places).sort();
  const at = part => inOrder[Math.round(part * (inOrder.length - 1))] || 0;
  return {
    low, high, values, place, places,
    typical: [at(0.02), Math.max(at(0.98), at(0.02) + 1e-6)],
    value: position => (log ? Math.exp(move(low) + position * span) : low + position * span),
  };
}
