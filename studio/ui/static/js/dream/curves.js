// Four small curves: how the dream's features go while it grows.

import { colour, drawAgain, fitClear } from '../lib/canvas.js';
import { find, findAll } from '../lib/dom.js';
import { reading } from '../lib/numbers.js';

/** @typedef {import('../lib/types.js').FeatureName} FeatureName */
/** @typedef {import('../lib/types.js').Trace} Trace */

/** @type {Set<FeatureName>} */
const LOGARITHMIC = new Set(['noisiness']);
/** @type {Record<FeatureName, number>} */
const LEAST_SPAN = { loudness: 0.05, brightness: 400, noisiness: 1, roughness: 0.005 };

/**
 * Places of a curve's points, 0…1 from the left and from the bottom. Small changes stay small: a
 * curve fills the height only from a span on that can be heard.
 *
 * @param {Trace} trace
 * @param {FeatureName} feature
 * @param {number} iterations  at the right edge, at least
 * @returns {[x: number, y: number][]}
 */
export function curvePlaces(trace, feature, iterations) {
  const heights = trace[feature].map(value => (LOGARITHMIC.has(feature) ? Math.log10(Math.max(value, 1e-8)) : value));
  const low = Math.min(...heights);
  const span = Math.max(Math.max(...heights) - low, LEAST_SPAN[feature]);
  const last = Math.max(iterations || 1, trace.iteration[trace.iteration.length - 1]);
  return heights.map((value, i) => [trace.iteration[i] / last, (value - low) / span]);
}

export class Curves {
  /** @type {Trace | null} */
  trace = null;
  #iterations = 1;

  /**
   * @param {HTMLElement} root
   * @param {AbortSignal} signal
   */
  constructor(root, signal) {
    this.figures = findAll(root, 'figure').map(figure => ({
      feature: /** @type {FeatureName} */ (figure.dataset.feature),
      canvas: find(figure, 'canvas', HTMLCanvasElement),
      output: find(figure, 'output'),
    }));
    drawAgain(root, () => this.draw(), signal);
  }

  /**
   * @param {Trace | null} trace
   * @param {number} iterations
   */
  show(trace, iterations) {
    this.trace = trace;
    this.#iterations = iterations;
    this.draw();
  }

  draw() {
    for (const { feature, canvas, output } of this.figures) {
      const values = this.trace?.[feature] || [];
      output.textContent = values.length ? reading[feature](values[values.length - 1]) : '–';
      this.#draw(canvas, this.trace && values.length ? curvePlaces(this.trace, feature, this.#iterations) : []);
    }
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {[x: number, y: number][]} places
   */
  #draw(canvas, places) {
    const { context, width, height, dense } = fitClear(canvas);
    context.strokeStyle = colour('--line');
    context.lineWidth = dense;
    context.beginPath();
    context.moveTo(0, height - dense);
    context.lineTo(width, height - dense);
    context.stroke();
    if (!places.length) return;
    const margin = 5 * dense;
    const points = places.map(([x, y]) => [margin + x * (width - 2 * margin), height - margin - y * (height - 2 * margin)]);
    context.strokeStyle = context.fillStyle = colour('--accent');
    context.lineWidth = 1.75 * dense;
    context.lineJoin = 'round';
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
    const [x, y] = points[points.length - 1];
    context.beginPath();
    context.arc(x, y, 3 * dense, 0, 2 * Math.PI);
    context.fill();
  }
}
