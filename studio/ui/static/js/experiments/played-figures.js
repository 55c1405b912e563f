// Figures 10 to 13: one cursor runs through all of them, and the values stand beside it.

import { make, tidy } from '../lib/make.js';
import { Figure } from './figure.js';
import { loadPlotly } from './plotly.js';

const NUMBERS = [10, 11, 12, 13];
const STEPS = { ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };

export class Figures extends EventTarget {
  /**
   * @param {HTMLElement} root
   * @param {Record<string, { label: string }>} runs
   * @param {URL} baseUrl
   */
  constructor(root, runs, baseUrl) {
    super();
    this.runs = runs;
    this.seconds = 0;
    this.figures = NUMBERS.map(number => new PlayedFigure(number, baseUrl, runs));
    root.replaceChildren(...this.figures.map(({ element }) => element));
    for (const figure of this.figures) {
      for (const type of ['seek', 'step', 'toggle']) figure.addEventListener(type, event => this.dispatchEvent(new CustomEvent(type, { detail: /** @type {CustomEvent} */ (event).detail })));
      figure.addEventListener('drawn', () => figure.put(this.seconds));
      figure.addEventListener('zoom', event => this.#zoom(figure, /** @type {CustomEvent} */ (event).detail));
    }
  }

  /** @param {number} seconds */
  put(seconds) {
    this.seconds = seconds;
    for (const figure of this.figures) figure.put(seconds);
  }

  /** @param {Set<string>} shown */
  show(shown) {
    for (const figure of this.figures) figure.show(shown);
  }

  /** @param {string} run */
  highlight(run) {
    for (const figure of this.figures) figure.highlight(run);
  }

  // What one shows, all show.
  /**
   * @param {PlayedFigure} from
   * @param {number[]} range
   */
  #zoom(from, range) {
    for (const figure of this.figures) if (figure !== from) figure.zoom(range);
  }
}

class PlayedFigure extends Figure {
  #index = -1;
  #run = '';

  /**
   * @param {number} number
   * @param {URL} baseUrl
   * @param {Record<string, { label: string }>} runs
   */
  constructor(number, baseUrl, runs) {
    super(`figure-${number}`, `Figure ${number}`, baseUrl, { kind: 'played-figure', legend: false });
    this.runs = runs;
    this.cursor = make('i', { class: 'cursor', 'aria-hidden': 'true', hidden: '' });
    this.place.after(this.cursor);
    this.element.tabIndex = 0;
    this.element.setAttribute('aria-label', `Figure ${number}. Arrow keys move the cursor, Space plays.`);
    this.element.addEventListener('keydown', event => this.#key(event));
  }

  // Dragging moves the cursor, until somebody takes the tool for zooming.
  /** @param {Record<string, any>} layout */
  adapt(layout) {
    layout.dragmode = false;
    if (this.drawing) layout.xaxis.range = [...this.drawing._fullLayout.xaxis.range];
  }

  /** @param {import('./plotly.js').Drawing} drawing */
  begun(drawing) {
    const isTool = () => drawing._fullLayout.dragmode;
    const seek = (/** @type {PointerEvent} */ event) => this.#tell('seek', this.#secondsAt(event));
    this.place.addEventListener('pointerdown', event => {
      if (isTool() || !this.#isInside(event)) return;
      if (event.pointerType === 'mouse') this.place.setPointerCapture(event.pointerId);
      seek(event);
    });
    this.place.addEventListener('pointermove', event => {
      if (event.buttons && !isTool() && event.pointerType === 'mouse' && this.#isInside(event)) seek(event);
    });
    drawing.on('plotly_click', ({ points }) => isTool() && this.#tell('seek', points[0].x));
    drawing.on('plotly_relayout', changes => {
      this.#move();
      if (Object.keys(changes).some(key => key.startsWith('xaxis.'))) this.#tell('zoom', [...drawing._fullLayout.xaxis.range]);
    });
    new ResizeObserver(() => this.#move()).observe(this.place);
  }

  /**
   * @param {string} type
   * @param {any} [detail]
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.element) return;
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (event.key === ' ') this.#tell('toggle');
    else if (step) this.#tell('step', step * (event.shiftKey ? 10 : 1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {PointerEvent} event */
  #isInside(event) {
    const { xaxis, yaxis } = /** @type {import('./plotly.js').Drawing} */ (this.drawing)._fullLayout;
    const box = this.place.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - xaxis._offset, event.clientY - box.top - yaxis._offset];
    return x >= 0 && x <= xaxis._length && y >= 0 && y <= yaxis._length;
  }

  /** @param {PointerEvent} event */
  #secondsAt(event) {
    const { xaxis } = /** @type {import('./plotly.js').Drawing} */ (this.drawing)._fullLayout;
    return xaxis.p2l(event.clientX - this.place.getBoundingClientRect().left - xaxis._offset);
  }

  /** @param {number} seconds */
  put(seconds) {
    this.seconds = seconds;
    if (!this.drawing) return;
    this.#move();
    const [first] = this.drawing.data;
    const index = Math.floor((seconds - (first?.x0 || 0)) / (first?.dx || 1) + 0.5);
    if (index === this.#index) return;
    this.#index = index;
    this.#read();
  }

  // A line over the drawing: to draw it anew sixty times a second would take long.
  #move() {
    if (!this.drawing || this.seconds === undefined) return;
    const { xaxis, yaxis } = this.drawing._fullLayout;
    const x = xaxis.l2p(this.seconds);
    this.cursor.hidden = x < -0.5 || x > xaxis._length + 0.5;
    this.cursor.style.height = `${yaxis._length}px`;
    this.cursor.style.transform = `translate(${(xaxis._offset + x).toFixed(1)}px, ${yaxis._offset}px)`;
  }

  #read() {
    const fixedFirst = Object.keys(this.runs).flatMap(run => this.lines.filter(line => line.legendgroup === run));
    this.reading.replaceChildren(...fixedFirst.map(({ legendgroup: run = '', y }) => make('span', { 'data-run': run, title: this.runs[run].label },
      make('i', { class: 'swatch', role: 'img', 'aria-label': this.runs[run].label }), tidy(y[Math.min(Math.max(this.#index, 0), y.length - 1)]))));
  }

  /**
   * @override
   * @param {Set<string>} names
   */
  async show(names) {
    const shown = super.show(names);
    this.#read();
    await shown;
    this.highlight(this.#run);
  }

  // Among seven lines one is found by pointing at its name.
  /** @param {string} run */
  highlight(run) {
    this.#run = run;
    for (const line of /** @type {NodeListOf<SVGElement>} */ (this.place.querySelectorAll('.scatterlayer .trace'))) {
      line.style.opacity = !run || line.classList.contains(`trace${run}`) ? '1' : '0.2';
    }
  }

  /** @param {number[]} range */
  async zoom(range) {
    if (!this.drawing) return;
    const own = this.drawing._fullLayout.xaxis.range;
    if (own[0] === range[0] && own[1] === range[1]) return;
    (await loadPlotly()).relayout(this.place, { 'xaxis.range': range });
  }
}
