// What a model's card says, in words.

import { make } from '../lib/dom.js';
import { percent } from '../lib/numbers.js';

/** @typedef {import('../lib/types.js').Model} Model */

/**
 * Terms and their descriptions, from whatever a card holds, for a <dl>.
 *
 * @param {Model} [model]
 */
export function facts(model) {
  const found = model ? factsOf(model) : [['Model', 'not here yet']];
  return found.flatMap(([term, value]) => {
    if (value === undefined || value === null || value === '' || value === false) return [];
    return [make('dt', {}, String(term)), make('dd', {}, textOf(value))];
  });
}

/**
 * @param {Model} model
 * @returns {[term: string, value: unknown][]}
 */
function factsOf({ card, classes }) {
  const data = typeof card.data === 'object' && card.data ? card.data : {};
  /** @param {...string} keys */
  const pick = (...keys) => keys.map(key => data[key] ?? card[key]).find(Boolean);
  return [
    ['Learned from', pick('title', 'summary')],
    ['Instead of', data.stand_in && card.paper?.data],
    ['Licence', pick('licence')],
    ['Credit', pick('credit')],
    ['Limits', pick('limits')],
    ['Classes', classes.length],
    ['Rounds (epochs)', card.epochs_planned ? `${card.epochs} of ${card.epochs_planned}` : card.epochs],
    ['Right about', accuracy(card)],
  ];
}

/** @param {unknown} value */
function textOf(value) {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).filter(part => typeof part !== 'object').join(', ');
}

/**
 * How often the model is right about sounds it has not heard in training.
 *
 * @param {Record<string, any>} card
 */
function accuracy(card) {
  if (typeof card.test_accuracy !== 'number') return null;
  const found = `${percent(card.test_accuracy)} test accuracy`;
  const paper = card.paper?.test_accuracy;
  const notes = [typeof paper === 'number' && `the paper's ${percent(paper)}`, card.chance && `chance ${percent(card.chance, 1)}`].filter(Boolean);
  return notes.length ? `${found} (${notes.join(', ')})` : found;
}
