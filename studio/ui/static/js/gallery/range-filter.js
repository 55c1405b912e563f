// A feature's range to be shown: two handles under a histogram.

import { colour, fitClear } from '../lib/canvas.js';
import { make } from '../lib/dom.js';

const STEPS = 200;
const BINS = 48;
const MARGIN = 1e-6; // so that rounding loses nobody at the ends

/** @typedef {import('../picker/catalogue.js').Feature} Feature */
/** @typedef {[from: number, to: number]} Range  places 0…1 */

/**
 * @param {Feature} feature
 * @param {(range: Range | null) => void} onChange  null: all of it
 */
export function rangeFilter(feature, onChange) {
  const output = make('output');
  const canvas = make('canvas', { 'aria-hidden': 'true' });
  const [low, high] = /** @type {const} */ ([[0, 'at least'], [STEPS, 'at most']]).map(([value, end]) =>
    make('input', { type: 'range', min: 0, max: STEPS, step: 1, value, 'aria-label': `${feature.label}, ${end}` }));
  const inputs = [low, high];
  const element = make('div', { class: 'range', 'data-feature': feature.name, title: feature.help },
    make('div', { class: 'range-head' }, make('span', {}, feature.label), output), canvas, make('div', { class: 'two' }, low, high));
  /** @param {number} place */
  const binOf = place => Math.min(BINS - 1, Math.floor(place * BINS));
  const all = new Uint16Array(BINS);
  for (const place of feature.places) all[binOf(place)] += 1;
  /** @param {number} place */
  const read = place => feature.read(feature.value(place));
  /** @returns {Range | null} */
  const tell = () => {
    const [from, to] = inputs.map(input => Number(input.value) / STEPS);
    for (const input of inputs) input.setAttribute('aria-valuetext', read(Number(input.value) / STEPS));
    const whole = from === 0 && to === 1;
    output.textContent = whole ? '' : `${read(from)} – ${read(to)}`;
    element.style.setProperty('--from', String(from));
    element.style.setProperty('--to', String(to));
    return whole ? null : [from - MARGIN, to + MARGIN];
  };
  for (const input of inputs) {
    input.addEventListener('input', () => {
      // One handle pushes the other along.
      if (Number(low.value) > Number(high.value)) (input === low ? high : low).value = input.value;
      onChange(tell());
    });
  }
  tell();
  return {
    element,
    /** @param {ArrayLike<number>} visible  a mask of the rows */
    draw(visible) {
      if (!canvas.clientWidth) return;
      const some = new Uint16Array(BINS);
      feature.places.forEach((place, row) => {
        if (visible[row]) some[binOf(place)] += 1;
      });
      bars(canvas, all, some);
    },
    reset() {
      [low.value, high.value] = ['0', String(STEPS)];
      tell();
    },
  };
}

/**
 * All sounds faintly, those that are shown in front.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint16Array} all
 * @param {Uint16Array} some
 */
function bars(canvas, all, some) {
  const { context, width, height, dense } = fitClear(canvas);
  const most = Math.max(1, ...all);
  const step = width / all.length;
  for (const [counts, tint] of /** @type {const} */ ([[all, '--line'], [some, '--edge']])) {
    context.fillStyle = colour(tint);
    counts.forEach((count, i) => {
      const tall = count ? Math.max(dense, (count / most) ** 0.7 * height) : 0;
      context.fillRect(i * step, height - tall, Math.max(1, step - dense), tall);
    });
  }
}
