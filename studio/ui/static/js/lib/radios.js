// Arrow keys move through a row of radio buttons, as people expect of one.

import { closest, findAll } from './dom.js';

/** @type {Record<string, number>} */
const SENSES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} root
 */
export function walkRadios(event, root) {
  const own = closest(event, '[role="radio"]');
  const sense = SENSES[event.key];
  if (!sense || !own) return;
  event.preventDefault();
  const buttons = findAll(root, '[role="radio"]');
  const next = buttons[(buttons.indexOf(own) + sense + buttons.length) % buttons.length];
  next.focus();
  next.click();
}
