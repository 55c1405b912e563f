// In one line, always in sight: what of the settings is not the paper's.

import { contract, paperValue } from '../lib/contract.js';
import { findAll, finder } from '../lib/dom.js';
import { format } from '../lib/numbers.js';

const { fields, unsaid } = contract.recipe;

/** What may be added to a dream of the paper: nothing, there. */
const LISTS = ['curves', 'stages'];

/** @param {string} name */
const beyond = name => unsaid.includes(name);

/**
 * The settings that are not the paper's, those first of which the paper knows nothing.
 *
 * @param {Record<string, unknown>} recipe
 * @param {string[]} names  of the fields that are compared
 * @returns {string[]}
 */
export function departures(recipe, names) {
  return names.filter(name => JSON.stringify(recipe[name]) !== JSON.stringify(paperValue(fields[name])))
    .sort((one, other) => Number(beyond(other)) - Number(beyond(one)))
    .map(name => {
      const { label, unit } = fields[name];
      if (!['number', 'string'].includes(typeof recipe[name])) return label.toLowerCase();
      return `${label.toLowerCase()} ${format(recipe[name])} ${unit}`.trim();
    });
}

/**
 * @param {HTMLElement} root
 * @param {import('../picker/state.js').State} state
 */
export function mountApart(root, state) {
  const byId = finder(root);
  const says = byId('apart-says');
  byId('all-home').addEventListener('click', () => state.set({ curves: [], stages: [] }));
  const shown = findAll(root, '#part-parameters [data-field]').map(({ dataset: { field = '' } }) => field);
  const names = [...shown.filter(name => name !== 'seed'), ...LISTS];
  state.watch(names, () => {
    const found = departures(state.recipe, names);
    says.textContent = found.length ? `Not the paper’s: ${found.join(' · ')}` : 'As in the paper.';
    says.title = says.textContent;
  });
}
