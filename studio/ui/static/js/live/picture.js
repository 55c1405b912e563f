// What is heard, drawn as it comes: a scope, a spectrogram that scrolls, four curves that scroll.

import { SAMPLE_RATE } from '../lib/contract.js';
import { pitchMarks } from '../audio/drawing.js';
import { hertzAt } from '../audio/spectrum.js';
import { colour, fit, fitClear, palette } from '../lib/canvas.js';
import { find, findAll, finder } from '../lib/dom.js';
import { reading } from '../lib/numbers.js';
import { shown } from '../lib/tabs.js';

const PITCHES = [100, 300, 1000, 3000, 10000];
const SIZE = 2048; // of the analyser
const DRAWN = 1024; // samples of the scope
const SPAN_SECONDS = 20;
const FRAME_MS = 33;
const LOUDEST_DB = -25;
const RANGE_DB = 75;

/** @typedef {import('../lib/types.js').FeatureName} FeatureName */
/** @typedef {import('./messages.js').Report} Report */
/** @typedef {{ at: number } & Record<string, number>} Point */

/** @type {Set<FeatureName>} */
const LOGARITHMIC = new Set(['brightness', 'noisiness']);
/** @type {Record<FeatureName, [low: number, high: number]>} */
const RANGES = { loudness: [0, 0.3], brightness: [150, 12000], noisiness: [1e-5, 1], roughness: [0, 0.12] };

export class Picture {
  /**
   * Features as the studio measured them, by position.
   *
   * @type {Point[]}
   */
  points = [];
  frames = 0;
  #going = false;
  #wave = new Float32Array(SIZE);
  #levels = new Float32Array(SIZE / 2);
  #peak = 0;
  #owed = 0;
  #column = new ImageData(1, 1);

  /**
   * @param {HTMLElement} root
   * @param {import('./stream.js').Stream} stream
   */
  constructor(root, stream) {
    const byId = finder(root, 'live-');
    this.root = root;
    this.stream = stream;
    this.scope = byId('scope', HTMLCanvasElement);
    this.spectrum = byId('spectrogram', HTMLCanvasElement);
    this.figures = findAll(byId('curves'), 'figure').map(figure => ({
      feature: /** @type {FeatureName} */ (figure.dataset.feature),
      canvas: find(figure, 'canvas', HTMLCanvasElement),
      output: find(figure, 'output'),
    }));
    byId('pitches').innerHTML = pitchMarks(PITCHES);
    stream.on('report', report => this.#note(report));
    stream.on('change', () => this.#run());
  }

  /** @param {Report} report */
  #note({ at, features }) {
    const { points } = this;
    while (points.length && points[points.length - 1].at >= at) points.pop();
    points.push({ ...features, at });
    const oldest = this.stream.head - SPAN_SECONDS * SAMPLE_RATE;
    while (points.length > 1 && points[1].at < oldest) points.shift();
  }

  #run() {
    if (!this.stream.running || this.#going) return;
    this.points = [];
    this.#going = true;
    let last = 0;
    /** @param {number} now */
    const step = now => {
      this.#going = this.stream.running;
      if (!this.#going) return;
      requestAnimationFrame(step);
      const { analyser } = this.stream;
      if (!analyser || now - last < FRAME_MS || !shown(this.root)) return;
      const passed = Math.min(200, now - last);
      last = now;
      this.frames += 1;
      analyser.getFloatTimeDomainData(this.#wave);
      this.#drawScope();
      analyser.getFloatFrequencyData(this.#levels);
      this.#drawSpectrum(passed);
      for (const { feature, canvas, output } of this.figures) this.#drawCurve(feature, canvas, output);
    };
    requestAnimationFrame(step);
  }

  #drawScope() {
    const { context, width, height, dense } = fitClear(this.scope);
    const wave = this.#wave;
    // From a rising crossing of zero on, so that a steady tone stands still.
    let start = 0;
    while (start < DRAWN && !(wave[start] < 0 && wave[start + 1] >= 0)) start += 1;
    if (start === DRAWN) start = 0;
    // Quiet sounds are drawn larger, loud ones as they are.
    const peak = wave.reduce((most, value) => Math.max(most, Math.abs(value)), 0.05);
    this.#peak = Math.max(peak, 0.97 * this.#peak);
    const gain = (0.45 * height) / this.#peak;
    context.strokeStyle = colour('--accent');
    context.lineWidth = 1.5 * dense;
    context.beginPath();
    for (let i = 0; i < DRAWN; i += 1) context.lineTo((i / (DRAWN - 1)) * width, height / 2 - wave[start + i] * gain);
    context.stroke();
  }

  /** @param {number} passed  milliseconds since the last time */
  #drawSpectrum(passed) {
    const { context, width, height } = fit(this.spectrum);
    this.#owed += (width * passed) / (SPAN_SECONDS * 1000);
    const columns = Math.floor(this.#owed);
    if (!columns) return;
    this.#owed -= columns;
    context.drawImage(this.spectrum, -columns, 0);
    if (this.#column.height !== height) this.#column = new ImageData(1, height);
    const { data } = this.#column;
    const table = palette();
    for (let row = 0; row < height; row += 1) {
      const db = strongest(this.#levels, binOf(hertzAt((row + 1) / height)), binOf(hertzAt(row / height)));
      const level = Math.max(0, Math.min(1, 1 + (db - LOUDEST_DB) / RANGE_DB));
      const at = Math.round(level * 255) * 3;
      for (let channel = 0; channel < 3; channel += 1) data[row * 4 + channel] = table[at + channel];
      data[row * 4 + 3] = 255;
    }
    for (let i = columns; i > 0; i -= 1) context.putImageData(this.#column, width - i, 0);
  }

  /**
   * @param {FeatureName} feature
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLElement} output
   */
  #drawCurve(feature, canvas, output) {
    const { context, width, height, dense } = fitClear(canvas);
    const heard = this.points.filter(point => point.at <= this.stream.head);
    /** @param {number} value */
    const scaled = value => (LOGARITHMIC.has(feature) ? Math.log(Math.max(value, 1e-6)) : value);
    const [low, high] = RANGES[feature].map(scaled);
    context.fillStyle = colour('--line');
    context.fillRect(0, height - dense, width, dense);
    output.textContent = heard.length ? reading[feature](heard[heard.length - 1][feature]) : '–';
    context.strokeStyle = colour('--accent');
    context.lineWidth = 1.75 * dense;
    context.beginPath();
    for (const point of heard) {
      const x = width * (1 - (this.stream.head - point.at) / (SPAN_SECONDS * SAMPLE_RATE));
      const part = Math.max(0, Math.min(1, (scaled(point[feature]) - low) / (high - low)));
      context.lineTo(x, height - 3 * dense - part * (height - 6 * dense));
    }
    context.stroke();
  }
}

/** @param {number} hz */
const binOf = hz => (hz * SIZE) / SAMPLE_RATE;

/**
 * The strongest level between two bins, which need not be whole.
 *
 * @param {Float32Array} levels
 * @param {number} low
 * @param {number} high
 */
export function strongest(levels, low, high) {
  const last = levels.length - 2;
  const first = Math.ceil(low);
  const end = Math.min(last, Math.floor(high));
  if (end < first) {
    const under = Math.min(last, Math.floor((low + high) / 2));
    const part = (low + high) / 2 - under;
    return levels[under] * (1 - part) + levels[under + 1] * part;
  }
  let most = -Infinity;
  for (let bin = first; bin <= end; bin += 1) most = Math.max(most, levels[bin]);
  return most;
}
