// The order of the keys is that of the eyes: beside each other, choices come before the sound; on a
// phone, where they lie below it, after.

import { find } from './dom.js';

/**
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 */
export function followLayout(root, signal) {
  const narrow = window.matchMedia('(max-width: 860px)');
  const [panel, choices] = ['.stage', '.choices'].map(part => find(root, `:scope > ${part}`));
  const place = () => root.prepend(...(narrow.matches ? [panel, choices] : [choices, panel]));
  place();
  narrow.addEventListener('change', place, { signal });
}
