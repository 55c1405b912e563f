// Where the points lie and what colours they have: likeness, a feature, or a kind.

import { colours } from '../audio/spectrum.js';
import { colour } from '../lib/canvas.js';
import { datasetLabel, architectureLabel, signOf } from '../lib/datasets.js';

export const LIKENESS = 'likeness';
const LEVELS = 24;
const FAINTEST = 0.3; // of the colour scale: its lower end would drown in the ground

export function axisChoices(catalogue) {
  return [
    [LIKENESS, 'Likeness'],
    ...catalogue.features.map(({ name, label }) => [name, label]),
    ['dataset', 'Dataset'], ['architecture', 'Architecture'], ['layer', 'Layer'],
  ];
}

export const colourChoices = catalogue => [
  ['dataset', 'Dataset'], ['architecture', 'Architecture'], ['layer', 'Layer'],
  ...catalogue.features.map(({ name, label }) => [name, label]),
];

// Positions 0…1 of all points along one side, and what is written there.
export function axis(catalogue, name, side) {
  if (name === LIKENESS) {
    const places = catalogue.columns[side];
    return { places: Float32Array.from(places, place => place / 2000), title: '', marks: [] };
  }
  const feature = catalogue.feature(name);
  if (feature) {
    const marks = [0, 0.25, 0.5, 0.75, 1].map(at => ({ at, text: feature.read(feature.value(at)) }));
    return { places: feature.places, title: feature.label, marks };
  }
  const { kinds, of, text, title } = kindsOf(catalogue, name);
  const places = new Float32Array(catalogue.count);
  for (let row = 0; row < catalogue.count; row += 1) {
    places[row] = (kinds.indexOf(of(row)) + 0.5 + (scatter(row + (side === 'y' ? 7919 : 0)) - 0.5) * 0.72) / kinds.length;
  }
  return { places, title, marks: kinds.map((kind, i) => ({ at: (i + 0.5) / kinds.length, text: text(kind) })) };
}

function kindsOf(catalogue, name) {
  const of = row => catalogue.group(row)[name];
  if (name === 'dataset') return { kinds: catalogue.datasets, of, text: datasetLabel, title: 'Dataset' };
  if (name === 'architecture') return { kinds: catalogue.architectures, of, text: architectureLabel, title: 'Architecture' };
  return { kinds: catalogue.layers, of, text: String, title: 'Layer' };
}

// The same number between 0 and 1 for the same row, every time.
function scatter(row) {
  const mixed = Math.sin((row + 1) * 12.9898) * 43758.5453;
  return mixed - Math.floor(mixed);
}

// An index into a palette for every row, the palette, and a legend.
export function colouring(catalogue, name) {
  const shapes = catalogue.datasets.map(dataset => ({ sign: signOf(dataset), text: datasetLabel(dataset), tint: tint(dataset) }));
  const index = new Uint8Array(catalogue.count);
  if (name === 'dataset') {
    for (let row = 0; row < catalogue.count; row += 1) index[row] = catalogue.datasets.indexOf(catalogue.group(row).dataset);
    return { index, palette: shapes.map(shape => shape.tint), shapes };
  }
  const grey = shapes.map(shape => ({ ...shape, tint: colour('--dim') }));
  if (name === 'architecture') {
    for (let row = 0; row < catalogue.count; row += 1) index[row] = catalogue.architectures.indexOf(catalogue.group(row).architecture);
    const [, ...rest] = ramp(catalogue.architectures.length + 1);
    const palette = rest.reverse();
    return { index, palette, shapes: grey, kinds: catalogue.architectures.map((kind, i) => ({ tint: palette[i], text: architectureLabel(kind) })) };
  }
  const feature = catalogue.feature(name);
  const palette = ramp(LEVELS);
  const [low, high] = feature ? feature.typical : [0, 1];
  const last = Math.max(1, catalogue.layers.at(-1));
  for (let row = 0; row < catalogue.count; row += 1) {
    const part = feature ? (feature.places[row] - low) / (high - low) : catalogue.group(row).layer / last;
    index[row] = Math.round(Math.min(1, Math.max(0, part)) * (LEVELS - 1));
  }
  const ends = feature ? [low, high].map(at => feature.read(feature.value(at))) : ['layer 0', `layer ${last}`];
  return { index, palette, shapes: grey, ramp: { palette, ends, title: feature?.label || 'Layer' } };
}

function tint(dataset) {
  return colour(`--${dataset}`) || colour('--accent');
}

function ramp(count) {
  const table = colours(colour('--heat').split(/\s+/));
  return Array.from({ length: count }, (_, i) => {
    const at = Math.round((FAINTEST + (1 - FAINTEST) * (i / Math.max(1, count - 1))) * 255) * 3;
    return `rgb(${table[at]} ${table[at + 1]} ${table[at + 2]})`;
  });
}
