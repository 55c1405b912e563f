// One map: the tone it likes, its response over frequency, its filter, how it dreams.

import { SAMPLE_RATE } from '../lib/contract.js';
import { audio, speakers, unlock } from '../audio/context.js';
import { colour, fitClear } from '../lib/canvas.js';
import { finder } from '../lib/dom.js';
import { note, pitch } from '../lib/numbers.js';
import { capital } from '../lib/words.js';
import { paintArea } from './area.js';

const LOWEST_DB = -40;
const MARKS_HZ = [100, 1000, 10000];

/**
 * @typedef {object} ShownMap
 * @property {number} layer
 * @property {number} map
 * @property {number} best  Hz
 * @property {number[]} levels  dB below the greatest, by frequency
 * @property {number[]} hertz
 * @property {number[]} [taps]  of its filter
 * @property {boolean} filters  levels are those of its filter
 */

export class MapSheet {
  /** @type {ShownMap | null} */
  shown = null;

  /**
   * @param {HTMLElement} section
   * @param {import('./inside.js').Inside} inside
   * @param {import('./voices.js').Voices} voices
   */
  constructor(section, inside, voices) {
    this.inside = inside;
    this.voices = voices;
    this.byId = finder(section);
    const tone = new Tone();
    this.byId('map-tone').addEventListener('click', () => this.shown && tone.play(this.shown.best));
    this.byId('map-open').addEventListener('click', () => this.shown && voices.open(inside.model, this.shown.layer, this.shown.map));
  }

  /** @param {ShownMap} map */
  show(map) {
    this.shown = map;
    const { inside } = this;
    const name = inside.mapName(map.layer, map.map);
    this.byId('map-name').textContent = capital(name);
    this.byId('map-told').textContent = `${map.filters ? 'Its filter peaks at' : 'Responds most to'} ${pitch(map.best)}, near the note ${note(map.best)}.`;
    const tone = this.byId('map-tone').lastChild;
    if (tone) tone.textContent = `Its tone, ${pitch(map.best)}`;
    this.byId('map-dream').replaceChildren(this.voices.button(inside.model, map.layer, map.map, name, 'Its dream'));
    this.byId('map-filter').hidden = !map.taps;
    if (map.taps) this.byId('map-filter-told').textContent = `Its filter: ${map.taps.length} coefficients, ${(1000 * map.taps.length / SAMPLE_RATE).toFixed(1)} ms long. The convolution slides it along the sound.`;
    this.draw();
  }

  draw() {
    const canvas = this.byId('map-curve', HTMLCanvasElement);
    if (!this.shown || !canvas.clientWidth) return;
    drawResponse(canvas, this.shown);
    if (this.shown.taps) drawFilter(this.byId('map-taps', HTMLCanvasElement), this.shown.taps);
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ShownMap} map
 */
function drawResponse(canvas, { levels, best, hertz }) {
  canvas.setAttribute('aria-label', `Response over frequency, greatest at ${pitch(best)}`);
  const { context, width, height, dense } = fitClear(canvas);
  const inner = height - 18 * dense;
  context.font = `${10.5 * dense}px ${getComputedStyle(canvas).fontFamily}`;
  context.fillStyle = colour('--dim');
  context.strokeStyle = colour('--line');
  context.lineWidth = dense;
  context.textAlign = 'center';
  /** @param {number} hz */
  const across = hz => Math.log(hz / hertz[0]) / Math.log(hertz[hertz.length - 1] / hertz[0]) * width;
  for (const hz of MARKS_HZ) {
    context.beginPath();
    context.moveTo(across(hz), 0);
    context.lineTo(across(hz), inner);
    context.stroke();
    context.fillText(pitch(hz), across(hz), height - 4 * dense);
  }
  const points = levels.map((level, i) => /** @type {[number, number]} */ ([
    across(hertz[i]), 6 * dense + Math.min(1, level / LOWEST_DB) * (inner - 8 * dense),
  ]));
  paintArea(context, points, { floor: inner, shade: 0.2, line: 1.8 * dense });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} taps
 */
function drawFilter(canvas, taps) {
  const { context, width, height, dense } = fitClear(canvas);
  context.strokeStyle = colour('--line');
  context.lineWidth = dense;
  context.beginPath();
  context.moveTo(0, height / 2);
  context.lineTo(width, height / 2);
  context.stroke();
  const most = Math.max(...taps.map(Math.abs)) || 1;
  context.strokeStyle = colour('--text');
  context.lineWidth = 1.6 * dense;
  context.lineJoin = 'round';
  context.beginPath();
  taps.forEach((tap, i) => context.lineTo((i / (taps.length - 1)) * width, height / 2 - (tap / most) * (height / 2 - 4 * dense)));
  context.stroke();
}

/** A short sine, quiet, and softer where the ear is keen. */
class Tone {
  #stop = () => {};

  /** @param {number} hz */
  play(hz) {
    unlock();
    this.#stop();
    const context = audio();
    const now = context.currentTime;
    const gain = context.createGain();
    const source = context.createOscillator();
    const level = hz < 150 ? 0.3 : hz > 1500 ? 0.08 : 0.16;
    source.frequency.value = hz;
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(level, now + 0.03);
    gain.gain.setValueAtTime(level, now + 0.7);
    gain.gain.linearRampToValueAtTime(0, now + 0.85);
    source.connect(gain).connect(speakers());
    source.start(now);
    source.stop(now + 0.9);
    this.#stop = () => gain.disconnect();
  }
}
