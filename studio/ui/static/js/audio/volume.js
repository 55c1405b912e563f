// One volume for whatever the page plays, kept in this browser. Every slider shows it.

import { Emitter } from '../lib/bus.js';
import { findAll, icon, make } from '../lib/dom.js';
import { recall, remember } from '../lib/memory.js';

const STORE = 'studio-volume';
const AT_FIRST = 0.8;

/** @type {Emitter<{ change: void }>} */
const teller = new Emitter();
let now = kept();

/** @returns {number} */
function kept() {
  const volume = recall(STORE, AT_FIRST);
  return volume >= 0 && volume <= 1 ? volume : AT_FIRST;
}

/** @param {number} value */
function tell(value) {
  now = value;
  teller.emit('change');
}

// The page in another window was made louder or softer.
window.addEventListener('storage', event => event.key === STORE && tell(kept()));

/**
 * Call `listener` with the volume, 0…1, now and whenever it changes, until `signal` aborts.
 *
 * @param {(volume: number) => void} listener
 * @param {{ signal?: AbortSignal }} [options]
 */
export function followVolume(listener, options) {
  listener(now);
  teller.on('change', () => listener(now), options);
}

/**
 * The gain of a volume: what the ear takes for even steps.
 *
 * @param {number} volume
 */
export const gainOf = volume => volume ** 2;

/**
 * A loudspeaker and a slider in every `.volume` within `root`.
 *
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 */
export function mountVolume(root, signal) {
  for (const place of findAll(root, '.volume')) {
    const slide = make('input', { type: 'range', min: 0, max: 100, 'aria-label': 'Volume' });
    place.prepend(icon('20 20', 'M3 8v4h3l4 3.5v-11L6 8zM13 7.5a3.5 3.5 0 0 1 0 5M15 5a7 7 0 0 1 0 10'), slide);
    slide.addEventListener('input', () => {
      tell(Number(slide.value) / 100);
      remember(STORE, now);
    });
    followVolume(volume => { slide.value = String(Math.round(volume * 100)); }, { signal });
  }
}
