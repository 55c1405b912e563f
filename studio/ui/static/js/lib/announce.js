// What happens is also said, once and briefly, to those who do not see it.

import { make } from './dom.js';

/** @type {HTMLElement | null} */
let region = null;

/** @param {string} text */
export function announce(text) {
  if (!region) {
    region = make('p', { id: 'announced', class: 'unseen-live', role: 'status' });
    pageBody().append(region);
  }
  // The same words twice are two events.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

// Where what belongs to no tab is put: Gradio's styles hold only within its container.
export const pageBody = () => document.querySelector('.gradio-container') || document.body;

/**
 * How to scroll: smoothly, unless the person has asked for less motion.
 *
 * @returns {ScrollBehavior}
 */
export const scrolling = () => (window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth');
