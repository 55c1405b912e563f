// All takes in one plot: a line each across the four features, and the numbers beside it.

import { find, findAll, make, makeSvg } from '../lib/dom.js';
import { reading } from '../lib/numbers.js';
import { capital } from '../lib/words.js';

/** @typedef {import('../lib/types.js').FeatureName} FeatureName */
/** @typedef {import('../lib/types.js').Take} Take */

/** @type {FeatureName[]} */
const FEATURES = ['loudness', 'brightness', 'noisiness', 'roughness'];
/** @type {Record<FeatureName, number>} */
const LEAST_RATIO = { loudness: 1.4, brightness: 1.3, noisiness: 3, roughness: 1.5 };
const [WIDTH, HEIGHT, TOP, SIDE] = [640, 260, 40, 60];
const LEAST = 1e-9;

/**
 * A take's feature at the end of its dream.
 *
 * @param {Pick<Take, 'trace'>} take
 * @param {FeatureName} name
 */
export const measured = (take, name) => take.trace[name][take.trace[name].length - 1];

/**
 * @param {HTMLDialogElement} dialog
 * @param {(id: string) => void} onChoose
 */
export function mountPlot(dialog, onChoose) {
  const figure = find(dialog, 'svg', SVGSVGElement);
  const body = find(dialog, 'tbody');
  find(dialog, '.ghost').addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  /** @param {string} [id] */
  const light = id => {
    for (const element of findAll(dialog, '[data-take]', Element)) element.classList.toggle('lit', element.getAttribute('data-take') === id);
  };
  /** @param {Event} event */
  const takeOf = event => (event.target instanceof Element && event.target.closest('[data-take]')?.getAttribute('data-take')) || '';
  for (const type of ['pointerover', 'focusin']) {
    dialog.addEventListener(type, event => light(takeOf(event) || dialog.dataset.current));
  }
  dialog.addEventListener('click', event => {
    const chosen = takeOf(event);
    if (!chosen) return;
    dialog.dataset.current = chosen;
    onChoose(chosen);
  });
  return {
    /**
     * @param {Take[]} takes
     * @param {Take | null} current
     */
    open(takes, current) {
      dialog.dataset.current = current?.id || '';
      const scales = scalesOf(takes);
      figure.replaceChildren(...axes(scales), ...takes.map(take => line(take, scales)));
      body.replaceChildren(...takes.map(row));
      light(dialog.dataset.current);
      dialog.showModal();
    },
  };
}

/** @typedef {Record<FeatureName, { low: number, high: number, y: (value: number) => number }>} Scales */

/**
 * Ratios are heard, so every axis is logarithmic.
 *
 * @param {Pick<Take, 'trace'>[]} takes
 * @returns {Scales}
 */
export function scalesOf(takes) {
  return /** @type {Scales} */ (Object.fromEntries(FEATURES.map(name => {
    const values = takes.map(take => Math.max(measured(take, name), LEAST));
    const middle = Math.sqrt(Math.min(...values) * Math.max(...values));
    const low = Math.min(...values, middle / LEAST_RATIO[name]);
    const high = Math.max(...values, middle * LEAST_RATIO[name]);
    /** @param {number} value */
    const y = value => HEIGHT - TOP - (Math.log(Math.max(value, LEAST) / low) / Math.log(high / low)) * (HEIGHT - 2 * TOP);
    return [name, { low, high, y }];
  })));
}

/** @param {number} index */
const xOf = index => SIDE + (index * (WIDTH - 2 * SIDE)) / (FEATURES.length - 1);

/** @param {Scales} scales */
function axes(scales) {
  return FEATURES.flatMap((name, index) => {
    const x = xOf(index);
    const { low, high } = scales[name];
    return [
      makeSvg('line', { x1: x, x2: x, y1: TOP, y2: HEIGHT - TOP, class: 'axis' }),
      makeSvg('text', { x, y: 12, class: 'name' }, capital(name)),
      makeSvg('text', { x, y: TOP - 9, class: 'end' }, reading[name](high)),
      makeSvg('text', { x, y: HEIGHT - TOP + 17, class: 'end' }, reading[name](low)),
    ];
  });
}

/**
 * @param {Take} take
 * @param {Scales} scales
 */
function line(take, scales) {
  const points = FEATURES.map((name, index) => [xOf(index), scales[name].y(measured(take, name))]);
  return makeSvg('g', { class: `line ${take.recipe.dataset}`, 'data-take': take.id },
    makeSvg('polyline', { points: points.map(point => point.map(value => value.toFixed(1)).join()).join(' ') }),
    ...points.map(([cx, cy]) => makeSvg('circle', { cx, cy, r: 4 })),
    makeSvg('title', {}, take.name));
}

/** @param {Take} take */
function row(take) {
  const name = make('button', { type: 'button' }, `${take.star ? '★ ' : ''}${take.name}`);
  return make('tr', { 'data-take': take.id, class: take.recipe.dataset },
    make('th', { scope: 'row' }, name),
    ...FEATURES.map(feature => make('td', {}, reading[feature](measured(take, feature)))));
}
