// In one line, always in sight: what of the settings is not the paper's.

import { contract, paperValue } from '../lib/contract.js';
import { findAll, finder } from '../lib/dom.js';
import { format } from '../lib/numbers.js';

const { fields, unsaid } = contract.recipe;

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
  return names.filter(name => recipe[name] !== paperValue(fields[name]))
    .sort((one, other) => Number(beyond(other)) - Number(beyond(one)))
    .map(name => {
      const { kind, label, unit } = fields[name];
      if (kind === 'switch') return label.toLowerCase();
      return `${label.toLowerCase()} ${format(recipe[name])} ${unit}`.trim();
    });
}

/**
 * @param {HTMLElement} root
 * @param {import('../picker/state.js').State} state
 */
export function mountApart(root, state) {
  const says = finder(root)('apart-says');
  const names = findAll(root, '#part-parameters [data-field]').map(({ dataset: { field = '' } }) => field).filter(name => name !== 'seed');
  state.watch(names, () => {
    const found = departures(state.recipe, names);
    says.textContent = found.length ? `Not the paper’s: ${found.join(' · ')}` : 'As in the paper.';
    says.title = says.textContent;
  });
}
