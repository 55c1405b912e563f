// Which network dreams: a dataset and an architecture, and what it really learned from.

import { bus } from '../lib/bus.js';
import { DATASETS, datasetLabel, signMark } from '../lib/datasets.js';
import { findAll, finder, make, valueOf } from '../lib/dom.js';
import { facts } from './facts.js';

/** @typedef {import('./state.js').State} State */

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {string} [prefix]  keeps the ids and radio groups of two tabs apart
 */
export function mountModels(root, state, prefix = '') {
  const byId = finder(root, prefix);
  const datasets = byId('datasets');
  const architectures = byId('architectures');
  const draw = () => {
    const known = new Set(state.models.map(model => model.dataset));
    datasets.replaceChildren(...[...new Set([...Object.keys(DATASETS), ...known])].map(name => radio(`${prefix}dataset`, name, {
      class: `dataset ${name}`, title: known.has(name) ? DATASETS[name]?.of : 'This model is not here yet.',
    }, !known.has(name), signMark(name), datasetLabel(name))));
    architectures.replaceChildren(...Object.entries(state.architectures).map(([name, { label, convolutions }]) =>
      radio(`${prefix}architecture`, name, {}, false, label, ' ', make('small', {}, `${convolutions.length} layers`))));
  };
  datasets.addEventListener('change', event => choose(state, { dataset: valueOf(event) }));
  architectures.addEventListener('change', event => choose(state, { architecture: valueOf(event) }));
  const follow = () => {
    const { dataset, architecture } = state.recipe;
    root.dataset.dataset = dataset;
    for (const input of findAll(datasets, 'input', HTMLInputElement)) input.checked = input.value === dataset;
    for (const input of findAll(architectures, 'input', HTMLInputElement)) {
      input.checked = input.value === architecture;
      input.disabled = !state.models.some(m => m.dataset === dataset && m.architecture === input.value);
    }
  };
  draw();
  state.watch(['dataset', 'architecture'], follow);
  // A network that was trained in the page: everything that holds the lists sees the new ones.
  bus.on('models', listing => {
    state.models.splice(0, state.models.length, ...listing.models);
    Object.assign(state.architectures, listing.architectures);
    draw();
    follow();
  });
}

/**
 * What the model learned from, instead of the paper's recordings.
 *
 * @param {HTMLElement} root
 * @param {State} state
 */
export function mountStandIn(root, state) {
  const byId = finder(root);
  const more = byId('stand-in-more');
  const card = byId('stand-in-card');
  more.addEventListener('click', () => {
    card.hidden = !card.hidden;
    more.setAttribute('aria-expanded', String(!card.hidden));
  });
  state.watch(['dataset', 'architecture'], () => card.replaceChildren(...facts(state.model)));
}

/**
 * Where the wished-for pair does not exist, take the nearest that does.
 *
 * @param {State} state
 * @param {{ dataset?: string, architecture?: string }} change
 */
function choose(state, change) {
  const wanted = { ...state.recipe, ...change };
  const fits = state.models.filter(m => (!change.dataset || m.dataset === change.dataset) && (!change.architecture || m.architecture === change.architecture));
  const exact = fits.find(m => m.dataset === wanted.dataset && m.architecture === wanted.architecture);
  const model = exact || fits[0];
  if (model) state.set({ dataset: model.dataset, architecture: model.architecture });
}

/**
 * @param {string} group
 * @param {string} value
 * @param {Record<string, string>} attributes
 * @param {boolean} off
 * @param {...import('../lib/dom.js').Child} label
 */
function radio(group, value, attributes, off, ...label) {
  return make('label', attributes, make('input', { type: 'radio', name: group, value, disabled: off }), make('span', {}, ...label));
}
