// Brings a part of the page to life, and does then what was done to it before.

import { findAll, make } from './dom.js';
import { mark } from './inspect.js';
import { shown, whenThere } from './tabs.js';
import { whenSeen } from './sections.js';
import { complain } from './toast.js';

/**
 * A part's script.
 *
 * @typedef {object} Panel
 * @property {(element: HTMLElement, given: any) => unknown} mount  `given` holds what Python hands on,
 *   and `signal`, which aborts when the part goes
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
  // The tab that is looked at comes first.
  if (!shown(element)) await Promise.race([whenThere('html[data-ready=true]'), seen(element)]);
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
  // A link may have opened another tab than the first: then the others follow that one.
  if (element.closest('#studio-tabs') && shown(element)) mark('ready', 'true');
  for (const root of findAll(element, '[data-waiting]')) root.removeAttribute('data-waiting');
  repeat(element);
}

/**
 * @param {Element} element
 * @returns {Promise<void>}
 */
const seen = element => new Promise(resolve => { whenSeen(element, resolve); });

/**
 * What was done before: a click, or a value that was chosen or typed.
 *
 * @typedef {{ element: HTMLElement, value?: string }} Deed
 */

/**
 * Do what was done to the part before its script was there: the script in head.html remembers it.
 *
 * @param {HTMLElement} panel
 */
function repeat(panel) {
  const { studioDeeds: deeds = [] } = /** @type {{ studioDeeds?: Deed[] }} */ (/** @type {unknown} */ (window));
  const own = deeds.filter(deed => panel.contains(deed.element));
  deeds.splice(0, deeds.length, ...deeds.filter(deed => !own.includes(deed)));
  for (const { element, value } of own) {
    element.removeAttribute('aria-busy');
    if (value === undefined) {
      element.click();
      continue;
    }
    if (!(element instanceof HTMLInputElement && element.type === 'file')) Object.assign(element, { value });
    for (const type of ['input', 'change']) element.dispatchEvent(new Event(type, { bubbles: true }));
  }
}
