// Where the keyboard is when what it was on goes away: a message, a card, a closed drawer.

import { findAll } from './dom.js';

const MOST = 6;
const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
const PAGE = '[role="tabpanel"], .gradio-container, body';
const LATE_MS = 400; // some things go only when the studio has answered

/** @param {Element} element */
const seen = element => element.isConnected && element.checkVisibility({ visibilityProperty: true });
/** @param {HTMLElement} element */
const able = element => seen(element) && !('disabled' in element && element.disabled) && element.tabIndex >= 0;

// From then on, a key never leaves the focus nowhere: it goes to what stands around, or back.
/** @param {AbortSignal} signal  when to stop */
export function keepFocus(signal) {
  /** @type {{ target: HTMLElement, around: HTMLElement[] }[]} */
  let trail = []; // what had the focus, the latest first, each with what stands around it
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    /** @type {HTMLElement[]} */
    const around = [];
    for (let at = target.parentElement; at && !at.matches(PAGE); at = at.parentElement) around.push(at);
    trail = [{ target, around }, ...trail.filter(step => step.target !== target)].slice(0, MOST);
  }, { signal });
  const refuge = () => {
    for (const { target, around } of trail) {
      if (able(target)) return target;
      for (const place of around.filter(seen)) {
        const found = findAll(place, FOCUSABLE).find(able);
        if (found) return found;
      }
    }
    return null;
  };
  const look = () => {
    const { activeElement: now } = document;
    const lost = !now || now === document.body || !seen(now);
    if (lost && trail.length && !seen(trail[0].target)) refuge()?.focus({ preventScroll: true });
  };
  document.addEventListener('keyup', () => {
    requestAnimationFrame(() => requestAnimationFrame(look));
    setTimeout(look, LATE_MS);
  }, { signal });
}
