// Brightness in front: one fader over the smoothing of every step's change.

import { contract } from '../lib/contract.js';
import { finder } from '../lib/dom.js';
import { format } from '../lib/numbers.js';

const { brightness: STEPS, fields } = contract.recipe;

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {{ smoothing: string, smoothing_kernel: number, smoothing_coefficient: number }} Smoothing */

/**
 * The place on the fader that is nearest to some settings: no smoothing is the brightest.
 *
 * @param {Smoothing} recipe
 */
export function brightnessOf({ smoothing, smoothing_kernel: kernel, smoothing_coefficient: coefficient }) {
  if (smoothing === 'off') return STEPS.length - 1;
  const distances = STEPS.map(([k, c]) => Math.abs(Math.log(k / kernel)) + 0.5 * Math.abs(Math.log(c / coefficient)));
  return distances.indexOf(Math.min(...distances));
}

/**
 * @param {number} place
 * @returns {Smoothing}
 */
export function smoothingAt(place) {
  const [kernel, coefficient] = STEPS[place];
  return { smoothing: 'cascade', smoothing_kernel: kernel, smoothing_coefficient: coefficient };
}

const PAPER = brightnessOf({
  smoothing: 'cascade', smoothing_kernel: fields.smoothing_kernel.paper, smoothing_coefficient: fields.smoothing_coefficient.paper,
});

/**
 * @param {HTMLElement} root
 * @param {import('../picker/state.js').State} state
 */
export function mountBrightness(root, state) {
  const byId = finder(root);
  const slide = byId('brightness-slide', HTMLInputElement);
  slide.max = String(STEPS.length - 1);
  const show = () => {
    const place = brightnessOf(/** @type {any} */ (state.recipe));
    slide.value = String(place);
    byId('brightness').style.setProperty('--at', String(place / (STEPS.length - 1)));
    byId('brightness').style.setProperty('--home', String(PAPER / (STEPS.length - 1)));
    byId('brightness-home').classList.toggle('away', place !== PAPER);
    const step = place === PAPER ? 'the paper’s' : `${place > PAPER ? 'brighter' : 'darker'} ${format(Math.abs(place - PAPER))}`;
    byId('brightness-text').textContent = step;
    slide.setAttribute('aria-valuetext', step);
  };
  slide.addEventListener('input', () => state.set(smoothingAt(Number(slide.value))));
  byId('brightness-home').addEventListener('click', () => state.set(smoothingAt(PAPER)));
  state.watch(['smoothing', 'smoothing_kernel', 'smoothing_coefficient'], show);
}
