// One volume for whatever the page plays, kept in this browser. Every slider shows it.

import { recall, remember } from '../lib/memory.js';

const STORE = 'studio-volume';
const AT_FIRST = 0.8;
const teller = new EventTarget();
let now = kept();

function kept() {
  const volume = recall(STORE, AT_FIRST);
  return volume >= 0 && volume <= 1 ? volume : AT_FIRST;
}

function tell(value) {
  now = value;
  teller.dispatchEvent(new Event('change'));
}

// The page in another window was made louder or softer.
window.addEventListener('storage', event => event.key === STORE && tell(kept()));

// Call `listener` with the volume, 0 … 1, now and whenever it changes.
export function followVolume(listener) {
  listener(now);
  teller.addEventListener('change', () => listener(now));
}

// What the ear takes for even steps.
export const gainOf = volume => volume ** 2;

// A loudspeaker and a slider in every `.volume` within `root`.
export function mountVolume(root) {
  for (const place of root.querySelectorAll('.volume')) {
    place.insertAdjacentHTML('afterbegin', '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 8v4h3l4 3.5v-11L6 8zM13 7.5a3.5 3.5 0 0 1 0 5M15 5a7 7 0 0 1 0 10"/></svg>'
      + '<input type="range" min="0" max="100" aria-label="Volume">');
    const slide = place.querySelector('input');
    slide.addEventListener('input', () => {
      tell(slide.value / 100);
      remember(STORE, now);
    });
    followVolume(volume => { slide.value = Math.round(volume * 100); });
  }
}
