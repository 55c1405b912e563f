// How many classes a network tells apart: accuracy, and the features of its dreams.

import { find } from '../lib/dom.js';
import { Figure } from './figure.js';

/**
 * @param {HTMLElement} section
 * @param {object} _results
 * @param {import('./results.js').Given} given
 */
export function mount(section, _results, given) {
  const figure = new Figure('figure-classes', 'The number of classes', given, { kind: 'wide-figure' });
  find(section, '#classes-figure').replaceChildren(figure.element);
}
