// Short sentences that come and go. Errors stay until they are dismissed or eight seconds pass.

import { pageBody } from './announce.js';
import { make, makeButton } from './dom.js';

const MOST_AT_ONCE = 3;

// One tray for the whole page, whichever tab is open.
function tray() {
  const there = document.querySelector('#toasts');
  if (there) return there;
  const made = make('div', { id: 'toasts', class: 'toasts' });
  pageBody().append(made);
  return made;
}

/**
 * @typedef {object} ToastOptions
 * @property {'note' | 'error'} [kind]
 * @property {string} [action]  the label of a button that calls `onAction`
 * @property {() => void} [onAction]
 * @property {number} [lasts]  milliseconds; 0: until it is dismissed
 */

/**
 * Say something; returns what takes it back.
 *
 * @param {string} text
 * @param {ToastOptions} [options]
 */
export function toast(text, { kind = 'note', action, onAction, lasts = 8000 } = {}) {
  const dismiss = () => item.remove();
  const act = () => {
    dismiss();
    onAction?.();
  };
  const item = make('div', { class: `toast ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    make('p', {}, text),
    action && makeButton({ class: 'act' }, act, action),
    makeButton({ class: 'close', 'aria-label': 'Dismiss' }, dismiss, '×'));
  const others = tray();
  while (others.children.length >= MOST_AT_ONCE) others.firstElementChild?.remove();
  others.append(item);
  if (lasts) setTimeout(dismiss, lasts);
  return dismiss;
}

/**
 * Say what went wrong.
 *
 * @param {unknown} error
 */
export const complain = error => toast(error instanceof Error ? error.message : String(error), { kind: 'error' });

/**
 * An action that says what went wrong instead of failing.
 *
 * @template {unknown[]} Arguments
 * @param {(...given: Arguments) => Promise<unknown>} act
 * @returns {(...given: Arguments) => Promise<void>}
 */
export function complaining(act) {
  return async (...given) => {
    try {
      await act(...given);
    } catch (error) {
      complain(error);
    }
  };
}
