// Brings a part of the page to life, and does then what was done to it before.

import { make } from './dom.js';
import { complain } from './toast.js';

/**
 * @typedef {object} Panel
 * @property {(element: HTMLElement, given: any) => unknown} mount  given `signal` beside what Python hands on
 */

/** @type {Map<string, AbortController>} */
const lives = new Map();

/**
 * Mount a part. Where it was mounted before, all that its former self listened to goes.
 *
 * @param {HTMLElement} element  the part, with an id
 * @param {() => Promise<Panel>} load
 * @param {Record<string, unknown>} given
 */
export async function mountPanel(element, load, given) {
  const life = new AbortController();
  lives.get(element.id)?.abort();
  lives.set(element.id, life);
  const root = element.querySelector('[data-waiting]');
  let panel;
  try {
    panel = await load();
  } catch (error) {
    console.error(error);
    element.prepend(make('p', { class: 'broken', role: 'alert' }, 'This part of the page did not load. Reload the page to try again.'));
    return;
  }
  try {
    await panel.mount(element, { ...given, signal: life.signal });
  } catch (error) {
    console.error(error);
    complain(error);
    return;
  }
  root?.removeAttribute('data-waiting');
  repeat(element);
}

/** @typedef {{ element: HTMLElement, value?: string }} Deed */

/**
 * What was clicked, chosen or typed in the part before its script was there (see head.html).
 *
 * @param {HTMLElement} panel
 */
function repeat(panel) {
  const { deeds } = /** @type {{ deeds?: Deed[] }} */ (/** @type {unknown} */ (window));
  for (const { element, value } of deeds?.filter(deed => panel.contains(deed.element)) || []) {
    if (value === undefined) {
      element.click();
      continue;
    }
    Object.assign(element, { value });
    for (const type of ['input', 'change']) element.dispatchEvent(new Event(type, { bubbles: true }));
  }
}
