// How many classes a network tells apart: accuracy, and the features of its dreams.

import { Figure } from './figure.js';

/**
 * @param {HTMLElement} section
 * @param {object} results
 * @param {URL} baseUrl
 */
export function mount(section, results, baseUrl) {
  const figure = new Figure('figure-classes', 'The number of classes', baseUrl, { kind: 'wide-figure' });
  section.querySelector('#classes-figure')?.replaceChildren(figure.element);
}
