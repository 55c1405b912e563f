// Keys as shortcuts, out of the way of typing and of whatever has the focus.

import { shown } from './tabs.js';

const TYPED = 'input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, [contenteditable]';
const PRESSED = 'button, a, summary, input';

/**
 * @param {Event} event
 * @param {string} selector
 */
const at = (event, selector) => event.target instanceof Element && event.target.matches(selector);

/**
 * Whether a key is typed into a field.
 *
 * @param {KeyboardEvent} event
 */
export const typing = event => at(event, TYPED);

/**
 * Shortcuts of one tab, while it is open: each key calls its action. Those that press what has the
 * focus (`pressing`) do so where there is something to press.
 *
 * @param {HTMLElement} root
 * @param {Record<string, () => void>} actions  by key, letters in lower case
 * @param {{ signal: AbortSignal, pressing?: string[] }} options
 */
export function mountShortcuts(root, actions, { signal, pressing = [' '] }) {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !shown(root)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = actions[key];
    if (!action || typing(event) || at(event, 'select') || (pressing.includes(key) && at(event, PRESSED))) return;
    event.preventDefault();
    action();
  }, { signal });
}
