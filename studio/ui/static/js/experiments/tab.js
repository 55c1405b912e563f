// The Experiments tab: sections that fill themselves from the experiments' tables. A section is a
// module with `mount(section, results, baseUrl)`, named after its element; it stays hidden without data.

import * as choices from './choices.js';
import * as classes from './classes.js';
import * as findings from './findings.js';
import * as layers from './layers.js';
import { make } from '../lib/make.js';
import { listContents, whenSeen } from '../lib/sections.js';
import * as parameters from './parameters.js';

const SECTIONS = [
  ['findings', findings, found => found.layers],
  ['layers', layers, found => found.layers],
  ['parameters', parameters, found => found.parameters],
  ['classes', classes, found => found.classes],
  ['open-choices', choices, found => found.sensitivity],
];

export function mount(element, baseUrl) {
  const root = element.querySelector('#experiments');
  // Nothing is asked for before somebody looks.
  whenSeen(root, () => fill(root, baseUrl));
}

async function fill(root, baseUrl) {
  const blank = root.querySelector('#experiments-blank');
  let found = {};
  try {
    const answer = await fetch(new URL('experiments.json', baseUrl));
    found = await answer.json();
    if (!answer.ok) throw new Error(found.message);
  } catch {
    blank.textContent = 'The results cannot be read right now. Is the studio still running? Reload the page to try again.';
    blank.hidden = false;
    found = {};
  }
  if (found.layers) root.querySelector('#experiments-lead').textContent = lead(found.layers.manifest);
  else if (blank.hidden) {
    blank.replaceChildren('The first experiment is not computed yet. Build the gallery with ', make('code', {}, 'studio gallery build'), ', then run ', make('code', {}, 'studio experiment layers'), '.');
    blank.hidden = false;
  }
  for (const [id, section, pick] of SECTIONS) {
    const place = root.querySelector(`#${id}`);
    const results = pick(found);
    if (!results) continue;
    place.hidden = false;
    section.mount(place, results, baseUrl);
  }
  listContents(root.querySelector('#experiments-contents'), root);
  root.dataset.ready = 'true';
}

function lead({ sounds, expected, maps_per_layer: maps }) {
  const count = number => number.toLocaleString('en');
  const all = 'the paper’s first experiment, done again and measured. A feature map is one small detector inside a network.';
  if (sounds >= expected) return `One sound for every feature map of six models, ${count(sounds)} in all: ${all}`;
  const layers = Object.values(maps).flat();
  const [least, most] = [Math.min(...layers), Math.max(...layers)];
  return `So far ${count(sounds)} of ${count(expected)} sounds, ${least} to ${most} maps of a layer: ${all}`;
}
