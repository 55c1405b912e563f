// A confusion matrix as dots: down what a recording was, across what the model said.

import { colour, drawAgain, fitClear, palette, shade } from '../lib/canvas.js';
import { capital } from '../lib/words.js';

const FAINTEST = 0.3; // of the colour scale
const LEAST_PIXELS = 2.5;

/** @typedef {import('./mixups.js').Digest} Digest */
/** @typedef {import('./mixups.js').Entry} Entry */

export class Matrix {
  /** @type {Digest | null} */
  found = null;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLElement} reading
   * @param {import('./inside.js').Inside} inside
   * @param {AbortSignal} signal
   */
  constructor(canvas, reading, inside, signal) {
    this.canvas = canvas;
    this.reading = reading;
    this.inside = inside;
    canvas.addEventListener('pointermove', event => this.#read(event));
    canvas.addEventListener('pointerdown', event => this.#read(event));
    drawAgain(canvas, () => this.draw(), signal);
  }

  /** @param {Digest | null} found */
  show(found) {
    this.found = found;
    this.reading.textContent = 'Point at a dot to read it.';
    this.draw();
  }

  draw() {
    if (!this.canvas.clientWidth) return;
    const { context, width, height } = fitClear(this.canvas);
    if (!this.found) return;
    const { order, entries, totals } = this.found;
    const place = placesOf(order);
    const step = width / order.length;
    const dot = Math.max(LEAST_PIXELS, step);
    context.fillStyle = colour('--panel');
    context.fillRect(0, 0, width, height);
    for (const [own, answer, times] of entries) {
      context.fillStyle = shade(palette(), FAINTEST + (1 - FAINTEST) * Math.sqrt(times / totals[own]));
      context.fillRect((place[answer] + 0.5) * step - dot / 2, (place[own] + 0.5) * step - dot / 2, dot, dot);
    }
  }

  /**
   * The entry nearest to the pointer, in words.
   *
   * @param {MouseEvent} event
   */
  #read(event) {
    if (!this.found) return;
    const { order, entries, totals } = this.found;
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map(at => at * order.length - 0.5);
    const place = placesOf(order);
    /** @param {Entry} entry */
    const far = ([own, answer]) => Math.hypot(place[answer] - x, place[own] - y);
    const [own, answer, times] = entries.reduce((best, entry) => (far(entry) < far(best) ? entry : best));
    const { classes } = this.inside.model;
    const what = own === answer ? 'was found' : `was taken for ${classes[answer]}`;
    this.reading.textContent = `${capital(classes[own])} ${what}: ${times} of ${totals[own]}.`;
  }
}

/**
 * Where every class stands.
 *
 * @param {number[]} order
 */
function placesOf(order) {
  /** @type {number[]} */
  const places = [];
  order.forEach((number, at) => { places[number] = at; });
  return places;
}
