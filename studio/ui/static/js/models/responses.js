// How strongly each layer and map responds to a sound, beside how it usually does; dreaming on.

import { colour, drawAgain, fitClear } from '../lib/canvas.js';
import { closest, find, findAll, finder, make } from '../lib/dom.js';
import { openInDream } from '../lib/opening.js';
import { walkRadios } from '../lib/radios.js';
import { capital } from '../lib/words.js';
import { paintRows } from './heat.js';

const TAKEN = 4;
const LONGEST_START_SECONDS = 10;

/** @typedef {import('../lib/types.js').Target} Target */
/** @typedef {import('./sound.js').HeardSound} HeardSound */
/** @typedef {import('./sound.js').HeardReport} HeardReport */

/**
 * By map, but for `order` (the most excited first) and `over_time` (in that order).
 *
 * @typedef {object} LayerResponse
 * @property {number} layer
 * @property {number} strong  how many maps respond strongly
 * @property {number[]} share  of other sounds for which it responds less
 * @property {number[]} order
 * @property {number[]} over_db  above what is usual
 * @property {number[][]} over_time  0…1
 */

export class Responses {
  layer = 0;
  /** @type {HeardReport | null} */
  #report = null;
  /** @type {import('./inside.js').ModelReport | null} */
  #model = null;

  /**
   * @param {HTMLElement} root
   * @param {import('./inside.js').Inside} inside
   * @param {import('./voices.js').Voices} voices
   * @param {() => HeardSound | null} source
   * @param {AbortSignal} signal
   */
  constructor(root, inside, voices, source, signal) {
    this.inside = inside;
    this.voices = voices;
    this.source = source;
    this.byId = finder(root);
    this.strips = this.byId('layer-strips');
    this.liked = this.byId('liked-maps');
    this.strips.addEventListener('click', event => {
      const strip = closest(event, '[data-layer]');
      if (strip) this.choose(Number(strip.dataset.layer));
    });
    this.strips.addEventListener('keydown', event => walkRadios(event, this.strips));
    this.byId('dream-on').addEventListener('click', () => this.dreamOn());
    this.liked.addEventListener('change', () => this.#count());
    drawAgain(this.strips, () => this.draw(), signal);
  }

  /** @param {HeardReport} report */
  show(report) {
    const again = this.#model === this.inside.model;
    this.#report = report;
    this.#model = this.inside.model;
    this.byId('responses-told').textContent = `Each square is a map, the strongest responses first. Bright: it responds more strongly than to nearly all of ${report.beside}. Dark: less than to nearly all of them. Every map is compared with itself, so layers can be compared, too.`;
    this.strips.replaceChildren(...report.layers.map(({ layer, strong, share }) => make('button', {
      type: 'button', role: 'radio', class: 'layer-strip', 'data-layer': layer, 'aria-label': `Layer ${layer}: ${strong} of ${share.length} maps respond strongly`,
    }, make('b', {}, `Layer ${layer}`), make('canvas', { 'aria-hidden': 'true' }), make('span', {}, `${strong} of ${share.length} strongly`))));
    /** @param {LayerResponse} response */
    const part = ({ strong, share }) => strong / share.length;
    this.choose(again ? this.layer : report.layers.reduce((best, one) => (part(one) >= part(best) ? one : best)).layer);
  }

  /** @param {number} layer */
  choose(layer) {
    const [report, model] = [this.#report, this.#model];
    if (!report || !model) return;
    this.layer = layer;
    for (const strip of findAll(this.strips, '.layer-strip')) {
      const chosen = Number(strip.dataset.layer) === layer;
      strip.setAttribute('aria-checked', String(chosen));
      strip.tabIndex = chosen ? 0 : -1;
    }
    const { order, share, over_db: over, over_time: moments } = report.layers[layer];
    this.byId('liked-title').textContent = `The maps of layer ${layer} that respond most strongly`;
    this.liked.replaceChildren(...moments.map((_, i) => {
      const map = order[i];
      const name = this.inside.mapName(layer, map);
      const box = make('input', { type: 'checkbox', 'data-map': map });
      box.checked = i < TAKEN;
      const level = `${over[map] < 0 ? '−' : '+'}${Math.abs(over[map]).toFixed(0)} dB`;
      return make('div', { class: 'liked-map' },
        make('label', {}, box, make('b', { title: name }, capital(name))),
        make('canvas', { role: 'img', 'aria-label': `How it responds as time goes on; on average ${stronger(share[map])} of ${report.beside}` }),
        make('span', { class: 'level', title: 'Above what is usual for this map' }, level),
        make('span', { class: 'share' }, stronger(share[map])),
        this.voices.button(model, layer, map, name));
    }));
    this.#count();
    this.draw();
  }

  get taken() {
    return findAll(this.liked, 'input:checked').map(box => Number(box.dataset.map));
  }

  draw() {
    const report = this.#report;
    if (!report || !this.strips.clientWidth) return;
    for (const strip of findAll(this.strips, '.layer-strip')) {
      const { order, share } = report.layers[Number(strip.dataset.layer)];
      paintRows(find(strip, 'canvas', HTMLCanvasElement), [order.map(map => share[map])], { crisp: true });
    }
    findAll(this.liked, 'canvas', HTMLCanvasElement).forEach((canvas, i) => drawLine(canvas, report.layers[this.layer].over_time[i]));
  }

  // The Dream tab starts from this sound and makes the chosen maps stronger.
  async dreamOn() {
    const [source, model] = [this.source(), this.#model];
    if (!source || !model) return;
    const { recording, initial, label } = source;
    const { layer } = this;
    const { dataset, architecture } = model;
    const targets = this.taken.map(map => /** @type {Target} */ ([layer, map, 1]));
    const length = recording && Math.max(1, Math.min(LONGEST_START_SECONDS, recording.seconds));
    await openInDream({
      recording: recording ?? null,
      changes: {
        dataset, architecture, targets, start_seconds: 0, initial: recording?.name ?? initial,
        ...(length ? { seconds: Number(length.toFixed(1)) } : {}),
      },
    }, `Dream starts from ${label} and makes ${targets.length} ${targets.length === 1 ? 'map' : 'maps'} of layer ${layer} stronger. Press Dream.`);
  }

  #count() {
    const count = this.taken.length;
    const button = this.byId('dream-on', HTMLButtonElement);
    button.disabled = count === 0;
    button.textContent = count === 0 ? 'Tick a map to dream on' : count === 1 ? 'Dream on with this map' : `Dream on with these ${count} maps`;
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} values  0…1
 */
function drawLine(canvas, values) {
  const { context, width, height, dense } = fitClear(canvas);
  context.strokeStyle = colour('--accent');
  context.lineWidth = 1.5 * dense;
  context.beginPath();
  const points = values.length > 1 ? values : [values[0], values[0]];
  points.forEach((value, i) => context.lineTo((i / (points.length - 1)) * width, height - 2 * dense - value * (height - 4 * dense)));
  context.stroke();
}

/**
 * For how many of the sounds that it is compared with a map responds less.
 *
 * @param {number} share
 */
const stronger = share => (share >= 1 ? 'stronger than for all' : `stronger than for ${Math.floor(100 * share + 1e-6)} %`);
