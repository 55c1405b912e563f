// One sound in full: its picture, its features beside its layer's, what is like it.

import { SAMPLE_RATE } from '../lib/contract.js';
import { drawPeaks, paintSpectrum, peaks, pitchMarks } from '../audio/drawing.js';
import { spectrogram } from '../audio/spectrum.js';
import { Emitter } from '../lib/bus.js';
import { colour, drawAgain, fit, fitClear } from '../lib/canvas.js';
import { signMark } from '../lib/datasets.js';
import { closest, find, finder, make } from '../lib/dom.js';
import { tintOf } from './places.js';

const PITCHES = [100, 1000, 10000];
const COLUMNS = 260;
const BINS = 36;

/** @typedef {import('../picker/catalogue.js').Catalogue} Catalogue */
/** @typedef {import('../picker/catalogue.js').Feature} Feature */
/** @typedef {{ row: number, since: number }} Wanted */

/** @extends {Emitter<{ hear: Wanted, choose: Wanted }>} */
export class Sheet extends Emitter {
  /** @type {number | null} */
  row = null;
  /** How many pictures were drawn. */
  drawn = 0;
  /** @type {{ samples: Float32Array, spectrum: import('../audio/spectrum.js').Spectrogram } | null} */
  #picture = null;
  #frame = 0;

  /**
   * @param {HTMLElement} root
   * @param {Catalogue} catalogue
   * @param {import('../audio/voice.js').Voice} voice
   * @param {AbortSignal} signal
   */
  constructor(root, catalogue, voice, signal) {
    super();
    this.root = root;
    this.catalogue = catalogue;
    this.voice = voice;
    this.byId = finder(root);
    this.byId('unit-pitches').innerHTML = pitchMarks(PITCHES);
    this.traits = catalogue.features.map(feature => this.#mountTrait(feature));
    find(root, '.traits details').addEventListener('toggle', () => this.#drawTraits());
    drawAgain(this.byId('picture'), () => this.redraw(), signal);
    voice.on('change', () => this.#follow());
    this.#mountAlike();
  }

  /**
   * Words at once; the picture comes with the samples.
   *
   * @param {number} row
   */
  show(row) {
    if (row === this.row) return;
    const { catalogue } = this;
    const { dataset } = catalogue.group(row);
    this.row = row;
    this.#picture = null;
    this.root.dataset.dataset = dataset;
    this.byId('unit-title').textContent = catalogue.title(row);
    const detail = this.byId('unit-detail');
    detail.className = dataset;
    detail.replaceChildren(signMark(dataset), catalogue.detail(row));
    this.byId('unit-dream', HTMLButtonElement).disabled = false;
    this.#drawTraits();
    this.alike([]);
  }

  /**
   * @param {number} row
   * @param {Float32Array} samples
   */
  draw(row, samples) {
    if (row !== this.row) return;
    this.#picture = { samples, spectrum: spectrogram(samples, SAMPLE_RATE, COLUMNS) };
    this.redraw();
    this.drawn += 1;
  }

  redraw() {
    if (this.#picture && this.byId('picture').clientWidth) {
      const { samples, spectrum } = this.#picture;
      const wave = fitClear(this.byId('unit-wave', HTMLCanvasElement));
      drawPeaks(wave, peaks(samples, Math.round(wave.width / 2)), colour('--accent'));
      paintSpectrum(fit(this.byId('unit-spectrum', HTMLCanvasElement)), spectrum);
    }
    this.#drawTraits();
  }

  /**
   * @param {number[]} rows  to list as alike, nearest first
   * @param {string} [of]  what they are like, if it is no point here
   */
  alike(rows, of = '') {
    this.byId('alike-label').textContent = of ? `Like ${of}` : 'Sounds alike';
    this.byId('alike').replaceChildren(...rows.map(row => this.#alikeItem(row)));
  }

  /** @param {number} row */
  #alikeItem(row) {
    const { catalogue } = this;
    const { dataset } = catalogue.group(row);
    return make('button', { type: 'button', class: `like ${dataset}`, 'data-row': row },
      signMark(dataset), make('b', {}, catalogue.title(row)), make('span', {}, catalogue.model(row)));
  }

  #mountAlike() {
    const box = this.byId('alike');
    /** @param {Event} event */
    const rowOf = event => {
      const item = closest(event, '.like');
      return item ? Number(item.dataset.row) : null;
    };
    /** @type {number | null} */
    let over = null;
    box.addEventListener('pointermove', event => {
      const row = rowOf(event);
      if (row !== null && row !== over && event.pointerType === 'mouse') this.emit('hear', { row, since: event.timeStamp });
      over = row;
    });
    box.addEventListener('pointerleave', () => { over = null; });
    box.addEventListener('click', event => {
      const row = rowOf(event);
      if (row !== null) this.emit('choose', { row, since: event.timeStamp });
    });
  }

  /** @param {Feature} feature */
  #mountTrait(feature) {
    const canvas = make('canvas', { 'aria-hidden': 'true' });
    const output = make('output', {}, '–');
    this.byId(feature.more ? 'traits-more' : 'traits').append(
      make('div', { class: 'trait', 'data-feature': feature.name, title: feature.help }, make('span', {}, feature.label), output, canvas));
    return { feature, canvas, output };
  }

  #drawTraits() {
    const { row } = this;
    if (row === null) return;
    for (const { feature, canvas, output } of this.traits) {
      const value = feature.values[row];
      output.textContent = Number.isFinite(value) ? feature.read(value) : '–';
      if (canvas.clientWidth) this.#drawTrait(canvas, feature, row);
    }
  }

  /**
   * How the sounds of the layer are spread over what occurs in the gallery, and where this one is.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {Feature} feature
   * @param {number} row
   */
  #drawTrait(canvas, feature, row) {
    const { start, count, dataset } = this.catalogue.group(row);
    const [low, high] = feature.typical;
    /** @param {number} at */
    const place = at => Math.min(1, Math.max(0, 0.06 + ((at - low) / (high - low)) * 0.88));
    const bins = new Float32Array(BINS);
    for (const at of feature.places.subarray(start, start + count)) bins[Math.min(BINS - 1, Math.floor(place(at) * BINS))] += 1;
    const { context, width, height, dense } = fitClear(canvas);
    context.fillStyle = colour('--line');
    context.fillRect(0, height - dense, width, dense);
    context.fillStyle = tintOf(dataset);
    context.globalAlpha = 0.42;
    const most = Math.max(...bins);
    bins.forEach((number, i) => {
      const tall = number ? Math.max(2 * dense, (number / most) ** 0.7 * (height - 3 * dense)) : 0;
      context.fillRect((i * width) / BINS, height - tall, width / BINS - dense, tall);
    });
    context.globalAlpha = 1;
    context.fillStyle = colour('--text');
    context.fillRect(Math.min(width - 2 * dense, place(feature.places[row]) * width - dense), 0, 2 * dense, height);
  }

  #follow() {
    cancelAnimationFrame(this.#frame);
    const button = this.byId('unit-play');
    const cursor = this.byId('unit-cursor');
    const wide = this.byId('picture').clientWidth;
    const place = () => {
      const on = this.row !== null && this.voice.playing?.row === this.row;
      button.classList.toggle('on', on);
      button.setAttribute('aria-label', on ? 'Stop' : 'Play');
      cursor.classList.toggle('there', on);
      if (!on) return;
      cursor.style.transform = `translateX(${(this.voice.progress * wide).toFixed(1)}px)`;
      this.#frame = requestAnimationFrame(place);
    };
    place();
  }
}
