// Figures 2 to 9: read layer by layer, by pointer or arrow keys; the values stand below.

import { DATASETS } from '../lib/datasets.js';
import { make, tidy } from '../lib/make.js';
import { Figure } from './figure.js';
import { loadPlotly } from './plotly.js';

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

export class LayerFigure extends Figure {
  #at = -1;

  /**
   * @param {number} number
   * @param {URL} baseUrl
   * @param {HTMLElement} told where what is read by key is said aloud
   */
  constructor(number, baseUrl, told) {
    super(`figure-${number}`, `Figure ${number}`, baseUrl, { kind: 'layer-figure', legend: false });
    this.told = told;
    this.element.tabIndex = 0;
    this.element.setAttribute('aria-label', `Figure ${number}. Arrow keys read it layer by layer.`);
    this.reading.textContent = 'Point at a layer to read it.';
    this.element.addEventListener('keydown', event => this.#key(event));
  }

  /** @param {import('./plotly.js').Drawing} drawing */
  begun(drawing) {
    drawing.on('plotly_hover', ({ points }) => this.#read(points[0].x));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
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
    if (layer === undefined) return;
    this.#at = layer;
    const values = this.lines.flatMap(({ legendgroup: name, x, y, customdata }) => {
      const index = x.indexOf(layer);
      if (index < 0 || !name || !customdata) return [];
      const { label, sign } = DATASETS[/** @type {keyof typeof DATASETS} */ (name)];
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
