// Where the points lie and what colours they have: likeness, a feature, or a kind.

import { colour, palette as paletteOf, shade } from '../lib/canvas.js';
import { architectureLabel, datasetLabel, signOf } from '../lib/datasets.js';

export const LIKENESS = 'likeness';
const LIKENESS_SCALE = 2000; // the table has whole numbers
const LEVELS = 24;
const FAINTEST = 0.3; // of the colour scale: its lower end would drown in the ground
const SCATTERED = 0.72; // of the width of a kind
const OTHER_SIDE = 7919; // so that rows are scattered otherwise up than across

/** @typedef {import('../picker/catalogue.js').Catalogue} Catalogue */
/** @typedef {[value: string, text: string]} Choice */

/**
 * Positions 0…1 of all points along one side, and what is written there.
 *
 * @typedef {object} Axis
 * @property {Float32Array} places
 * @property {string} title
 * @property {{ at: number, text: string }[]} marks
 */

/** @typedef {{ tint: string, text: string }} Kind */

/**
 * An index into a palette for every row, and what the colours mean.
 *
 * @typedef {object} Colouring
 * @property {Uint8Array} index
 * @property {string[]} palette
 * @property {(Kind & { sign: string })[]} shapes
 * @property {Kind[]} [kinds]
 * @property {{ palette: string[], ends: string[], title: string }} [ramp]
 */

/** @type {Choice[]} */
const KINDS = [['dataset', 'Dataset'], ['architecture', 'Architecture'], ['layer', 'Layer']];

/**
 * @param {Catalogue} catalogue
 * @returns {Choice[]}
 */
const featureChoices = catalogue => catalogue.features.map(({ name, label }) => [name, label]);

/**
 * @param {Catalogue} catalogue
 * @returns {Choice[]}
 */
export const axisChoices = catalogue => [[LIKENESS, 'Likeness'], ...featureChoices(catalogue), ...KINDS];

/**
 * @param {Catalogue} catalogue
 * @returns {Choice[]}
 */
export const colourChoices = catalogue => [...KINDS, ...featureChoices(catalogue)];

/**
 * @param {Catalogue} catalogue
 * @param {string} name
 * @param {'x' | 'y'} side
 * @returns {Axis}
 */
export function axis(catalogue, name, side) {
  if (name === LIKENESS) {
    return { places: Float32Array.from(catalogue.columns[side], place => place / LIKENESS_SCALE), title: '', marks: [] };
  }
  const feature = catalogue.feature(name);
  if (feature) {
    const marks = [0, 0.25, 0.5, 0.75, 1].map(at => ({ at, text: feature.read(feature.value(at)) }));
    return { places: feature.places, title: feature.label, marks };
  }
  const { indexOf, texts, title } = kindsOf(catalogue, name);
  const shift = side === 'y' ? OTHER_SIDE : 0;
  const places = Float32Array.from({ length: catalogue.count }, (_, row) =>
    (indexOf(row) + 0.5 + (scatter(row + shift) - 0.5) * SCATTERED) / texts.length);
  return { places, title, marks: texts.map((text, i) => ({ at: (i + 0.5) / texts.length, text })) };
}

/**
 * @param {Catalogue} catalogue
 * @param {string} name
 * @returns {{ indexOf: (row: number) => number, texts: string[], title: string }}
 */
function kindsOf(catalogue, name) {
  const { datasets, architectures, layers } = catalogue;
  if (name === 'dataset') return { indexOf: row => datasets.indexOf(catalogue.group(row).dataset), texts: datasets.map(datasetLabel), title: 'Dataset' };
  if (name === 'architecture') return { indexOf: row => architectures.indexOf(catalogue.group(row).architecture), texts: architectures.map(architectureLabel), title: 'Architecture' };
  return { indexOf: row => layers.indexOf(catalogue.group(row).layer), texts: layers.map(String), title: 'Layer' };
}

/**
 * The same number between 0 and 1 for the same row, every time.
 *
 * @param {number} row
 */
function scatter(row) {
  const mixed = Math.sin((row + 1) * 12.9898) * 43758.5453;
  return mixed - Math.floor(mixed);
}

/**
 * @param {Catalogue} catalogue
 * @param {string} name
 * @returns {Colouring}
 */
export function colouring(catalogue, name) {
  const shapes = catalogue.datasets.map(dataset => ({ sign: signOf(dataset), text: datasetLabel(dataset), tint: tintOf(dataset) }));
  /** @param {(row: number) => number} of */
  const indexed = of => Uint8Array.from({ length: catalogue.count }, (_, row) => of(row));
  if (name === 'dataset') return { index: indexed(kindsOf(catalogue, name).indexOf), palette: shapes.map(shape => shape.tint), shapes };
  const grey = shapes.map(shape => ({ ...shape, tint: colour('--dim') }));
  if (name === 'architecture') {
    const { indexOf, texts } = kindsOf(catalogue, name);
    const palette = ramp(texts.length + 1).slice(1).reverse();
    return { index: indexed(indexOf), palette, shapes: grey, kinds: texts.map((text, i) => ({ tint: palette[i], text })) };
  }
  const feature = catalogue.feature(name);
  const palette = ramp(LEVELS);
  const [low, high] = feature ? feature.typical : [0, 1];
  const last = Math.max(1, catalogue.layers[catalogue.layers.length - 1]);
  const index = indexed(row => {
    const part = feature ? (feature.places[row] - low) / (high - low) : catalogue.group(row).layer / last;
    return Math.round(Math.min(1, Math.max(0, part)) * (LEVELS - 1));
  });
  const ends = feature ? [low, high].map(at => feature.read(feature.value(at))) : ['layer 0', `layer ${last}`];
  return { index, palette, shapes: grey, ramp: { palette, ends, title: feature?.label || 'Layer' } };
}

/** @param {string} dataset */
export const tintOf = dataset => colour(`--${dataset}`) || colour('--accent');

/** @param {number} count */
function ramp(count) {
  return Array.from({ length: count }, (_, i) => shade(paletteOf(), FAINTEST + (1 - FAINTEST) * (i / Math.max(1, count - 1))));
}
