// Figures 2 to 9: read layer by layer, by pointer or arrow keys; the values stand below.

import { DATASETS } from '../lib/datasets.js';
import { make } from '../lib/dom.js';
import { Figure } from './figure.js';
import { tidy } from './marks.js';
import { loadPlotly } from './plotly.js';

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

export class LayerFigure extends Figure {
  #at = -1;

  /**
   * @param {number} number
   * @param {import('./results.js').Given} given
   * @param {HTMLElement} told  where what is read by key is said aloud
   */
  constructor(number, given, told) {
    super(`figure-${number}`, `Figure ${number}`, given, { kind: 'layer-figure', legend: false, keys: 'Arrow keys read it layer by layer. ' });
    this.told = told;
    this.reading.textContent = 'Point at a layer to read it.';
    this.element.addEventListener('keydown', event => this.#key(event));
    this.place.addEventListener('pointerup', event => this.#tap(event));
    this.on('begun', drawing => drawing.on('plotly_hover', ({ points }) => this.#read(points[0].x)));
  }

  // A finger has no pointer that hovers.
  /** @param {PointerEvent} event */
  #tap(event) {
    if (event.pointerType === 'mouse' || !this.drawing) return;
    this.#read(Math.round(this.drawing._fullLayout.xaxis.p2l(this.pixels(event, this.drawing)[0])));
    this.#label();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = STEPS[event.key];
    if (!step || event.target !== this.element || !this.drawing) return;
    event.preventDefault();
    event.stopPropagation();
    const layers = [...new Set(this.drawing.data.flatMap(trace => (trace.customdata ? trace.x : [])))].sort((a, b) => a - b);
    const now = layers.indexOf(this.#at);
    this.#read(layers[Math.min(layers.length - 1, Math.max(0, now + step))]);
    this.#label();
    this.told.textContent = this.reading.textContent;
  }

  /** @param {number} layer */
  #read(layer) {
    if (!this.lines.some(({ x }) => x.includes(layer))) return;
    this.#at = layer;
    const values = this.lines.flatMap(({ legendgroup: name, x, y, customdata }) => {
      const index = x.indexOf(layer);
      if (index < 0 || !name || !customdata) return [];
      const { label, sign } = DATASETS[name];
      const [sd, maps] = customdata[index];
      return [make('span', { class: name, title: `${maps} maps` },
        make('i', { class: 'sign', 'aria-label': label }, sign), `${tidy(y[index])} ± ${tidy(sd)}`)];
    });
    this.reading.replaceChildren(`Layer ${layer}`, ...values);
  }

  // The label that a pointer would show.
  async #label() {
    (await loadPlotly()).Fx.hover(this.place, { xval: this.#at }, 'xy');
  }
}
