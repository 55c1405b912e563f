// How a layer's maps respond to tones: maps as rows, sorted by the tone they like most, the highest
// on top.

import { colour, drawAgain, fitClear } from '../lib/canvas.js';
import { findAll, finder, make, makeButton } from '../lib/dom.js';
import { note, pitch } from '../lib/numbers.js';
import { paintRows } from './heat.js';
import { MapSheet } from './sheet.js';

const RANGE_DB = 30; // from bright to dark
const HERTZ = [50, 100, 200, 500, 1000, 2000, 5000, 10000];
const NARROW_HERTZ = [100, 1000, 10000];
const NARROW_PIXELS = 480;
const OCTAVES = Array.from({ length: 9 }, (_, octave) => 55 * 2 ** octave);
/** @type {Record<string, number>} */
const STEPS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10, Home: -1e6, End: 1e6 };
/** @type {Record<Mode, { label: string, told: string }>} */
const MODES = {
  tones: {
    label: 'Response to tones',
    told: 'One row is one map, sorted by its best frequency. Bright: its largest response. Dark: a thousandth of that, or less. The line joins the best frequencies.',
  },
  filters: {
    label: 'Spectra of the filters',
    told: 'One row is one filter of the first layer: how much of every frequency it lets through (its magnitude spectrum). Sorted by the peak, which the line joins. Bright: the peak. Dark: 30 dB below it.',
  },
};

/** @typedef {'tones' | 'filters'} Mode */

/**
 * What `studio/inside/MODEL/layers/LAYER.json` tells; by map, but for `order`, the lowest first.
 *
 * @typedef {object} LayerReport
 * @property {number} layer
 * @property {number[]} frequencies_hz
 * @property {number[]} order
 * @property {number[]} best_hz
 * @property {number[][]} levels_db
 * @property {number[][]} [taps]  of the first layer's filters
 * @property {number[]} [spectra_order]
 * @property {number[]} [spectra_best_hz]
 * @property {number[][]} [spectra_db]
 */

export class Tones {
  /** @type {Mode} */
  mode = 'tones';
  /** Which row, counted from the lowest. */
  place = 0;
  draws = 0;
  /** @type {LayerReport | null} */
  report = null;
  /** @type {number[]} */
  order = [];
  /** @type {number[]} */
  best = [];
  /** @type {number[][]} */
  #levels = [];
  /** @type {number[][]} */
  #rows = [];

  /**
   * @param {HTMLElement} section
   * @param {import('./inside.js').Inside} inside
   * @param {import('./voices.js').Voices} voices
   * @param {AbortSignal} signal
   */
  constructor(section, inside, voices, signal) {
    this.byId = finder(section);
    this.inside = inside;
    this.box = this.byId('tones-box');
    this.sheet = new MapSheet(section, inside, voices);
    this.#mountMode();
    this.#mountPointer();
    drawAgain(this.box, () => this.draw(), signal);
  }

  /** @param {LayerReport} report */
  show(report) {
    this.report = report;
    this.byId('tones-mode').hidden = !report.taps;
    if (!report.taps) this.mode = 'tones';
    for (const button of findAll(this.byId('tones-mode'), 'button')) button.setAttribute('aria-pressed', String(button.dataset.mode === this.mode));
    const { spectra_order: order, spectra_best_hz: best, spectra_db: levels } = report;
    if (this.mode === 'filters' && order && best && levels) [this.order, this.best, this.#levels] = [order, best, levels];
    else [this.order, this.best, this.#levels] = [report.order, report.best_hz, report.levels_db];
    this.#rows = this.order.map(map => this.#levels[map].map(level => Math.max(0, 1 + level / RANGE_DB))).reverse();
    this.box.style.height = `${Math.round(Math.min(560, Math.max(260, 26 * this.order.length)))}px`;
    this.box.setAttribute('aria-valuemax', String(this.order.length - 1));
    this.byId('tones-told').textContent = MODES[this.mode].told;
    this.choose(Math.min(this.order.length - 1, Math.floor(this.order.length / 2)));
    this.draw();
  }

  /** @param {number} place  a row, counted from the lowest */
  choose(place) {
    const { report } = this;
    if (!report) return;
    this.place = Math.min(this.order.length - 1, Math.max(0, place));
    const map = this.order[this.place];
    const best = this.best[map];
    this.sheet.show({
      layer: report.layer, map, best, levels: this.#levels[map], hertz: report.frequencies_hz,
      taps: report.taps?.[map], filters: this.mode === 'filters',
    });
    this.box.setAttribute('aria-valuenow', String(this.place));
    this.box.setAttribute('aria-valuetext', `${this.inside.mapName(report.layer, map)}, responds most to ${pitch(best)}`);
    this.#line(report);
  }

  draw() {
    if (!this.report || !this.box.clientWidth) return;
    paintRows(this.byId('tones-heat', HTMLCanvasElement), this.#rows);
    this.#line(this.report);
    this.#axes(this.report);
    this.sheet.draw();
    this.draws += 1;
  }

  /** @param {LayerReport} report */
  #line(report) {
    const { context, width, height, dense } = fitClear(this.byId('tones-line', HTMLCanvasElement));
    const tall = height / this.order.length;
    const points = this.order.map((map, place) => [across(report, this.best[map]) * width, height - (place + 0.5) * tall]);
    context.lineJoin = 'round';
    for (const [ink, thick] of /** @type {const} */ ([['--ground', 4], ['--text', 1.4]])) {
      context.strokeStyle = colour(ink);
      context.lineWidth = thick * dense;
      context.beginPath();
      for (const [x, y] of points) context.lineTo(x, y);
      context.stroke();
    }
    const top = height - (this.place + 1) * tall;
    context.strokeStyle = colour('--text');
    context.lineWidth = 1.5 * dense;
    context.strokeRect(dense, Math.max(dense, top - dense), width - 2 * dense, Math.max(tall, 4 * dense) + dense);
    const [x, y] = points[this.place];
    context.fillStyle = colour('--accent');
    context.strokeStyle = colour('--ground');
    context.lineWidth = 2 * dense;
    context.beginPath();
    context.arc(x, y, 5 * dense, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }

  /** @param {LayerReport} report */
  #axes(report) {
    const narrow = this.box.clientWidth < NARROW_PIXELS;
    /**
     * @param {number[]} marks
     * @param {(hz: number) => string} text
     */
    const spans = (marks, text) => marks.map(hz => make('span', { style: `left:${(100 * across(report, hz)).toFixed(2)}%` }, text(hz)));
    this.byId('tones-hertz').replaceChildren(...spans(narrow ? NARROW_HERTZ : HERTZ, pitch));
    this.byId('tones-notes').replaceChildren(...spans(OCTAVES.filter((_, octave) => !narrow || octave % 2 === 0), note));
  }

  #mountMode() {
    this.byId('tones-mode').append(.../** @type {Mode[]} */ (Object.keys(MODES)).map(mode => makeButton({ 'data-mode': mode }, () => {
      this.mode = mode;
      if (this.report) this.show(this.report);
    }, MODES[mode].label)));
  }

  #mountPointer() {
    const { box } = this;
    /** @param {MouseEvent} event */
    const rowAt = event => {
      const { top, height } = box.getBoundingClientRect();
      return Math.floor((1 - (event.clientY - top) / height) * this.order.length);
    };
    /** @type {{ report: LayerReport | null, place: number } | null} */
    let pinned = null;
    const pin = () => { pinned = { report: this.report, place: this.place }; };
    box.addEventListener('pointermove', event => {
      if (event.pointerType === 'mouse') this.choose(rowAt(event));
    });
    box.addEventListener('pointerleave', event => {
      if (pinned && pinned.report === this.report && event.pointerType === 'mouse') this.choose(pinned.place);
    });
    box.addEventListener('click', event => {
      this.choose(rowAt(event));
      pin();
    });
    box.addEventListener('keydown', event => {
      const step = STEPS[event.key];
      if (!step || !this.report) return;
      event.preventDefault();
      this.choose(this.place + step);
      pin();
    });
  }
}

/**
 * Position along the width, 0…1, of a frequency; tones stand in the middles of their columns.
 *
 * @param {LayerReport} report
 * @param {number} hz
 */
function across({ frequencies_hz: tones }, hz) {
  const at = Math.log(hz / tones[0]) / Math.log(tones[tones.length - 1] / tones[0]);
  return (at * (tones.length - 1) + 0.5) / tones.length;
}
