// The Experiments tab: sections that fill themselves from the experiments' tables; each stays hidden
// without data.

import { askJson } from '../lib/ask.js';
import { find, finder, make } from '../lib/dom.js';
import { listContents, whenSeen } from '../lib/sections.js';
import * as choices from './choices.js';
import * as classes from './classes.js';
import * as findings from './findings.js';
import * as layers from './layers.js';
import * as parameters from './parameters.js';

/** @typedef {import('./results.js').Given} Given */

/**
 * @param {HTMLElement} element
 * @param {Given} given
 */
export function mount(element, given) {
  const root = find(element, '#experiments');
  // Nothing is asked for before somebody looks.
  whenSeen(root, () => fill(root, given));
}

/**
 * @param {HTMLElement} root
 * @param {Given} given
 */
async function fill(root, given) {
  const byId = finder(root);
  const blank = byId('experiments-blank');
  /** @type {import('./results.js').Results} */
  let found = {};
  try {
    found = await askJson(new URL('experiments.json', given.baseUrl));
    if (!found.layers) blank.replaceChildren('The first experiment is not computed yet. Build the gallery with ', make('code', {}, 'studio gallery build'), ', then run ', make('code', {}, 'studio experiment layers'), '.');
  } catch {
    blank.textContent = 'The results cannot be read right now. Is the studio still running? Reload the page to try again.';
  }
  blank.hidden = Boolean(found.layers);

  /**
   * @template {object} Result
   * @param {string} id
   * @param {Result | null | undefined} results
   * @param {(section: HTMLElement, results: Result, given: Given) => void} fillSection
   */
  function show(id, results, fillSection) {
    if (!results) return;
    const section = byId(id);
    section.hidden = false;
    fillSection(section, results, given);
  }
  if (found.layers) byId('experiments-lead').textContent = lead(found.layers.manifest);
  show('findings', found.layers, findings.mount);
  show('layers', found.layers, layers.mount);
  show('parameters', found.parameters, parameters.mount);
  show('classes', found.classes, classes.mount);
  show('open-choices', found.sensitivity, choices.mount);
  listContents(byId('experiments-contents'), root);
  root.dataset.ready = 'true';
}

/** @param {import('./results.js').Layers['manifest']} manifest */
function lead({ sounds, expected, maps_per_layer: maps }) {
  /** @param {number} number */
  const count = number => number.toLocaleString('en');
  const all = 'the paper’s first experiment, done again and measured. A feature map is one small detector inside a network.';
  if (sounds >= expected) return `One sound for every feature map of six models, ${count(sounds)} in all: ${all}`;
  const layers = Object.values(maps).flat();
  const [least, most] = [Math.min(...layers), Math.max(...layers)];
  return `So far ${count(sounds)} of ${count(expected)} sounds, ${least} to ${most} maps of a layer: ${all}`;
}
