// A figure over time, with a cursor that can be put anywhere.

import { findAll, make } from '../lib/dom.js';
import { Figure } from './figure.js';
import { tidy } from './marks.js';
import { loadPlotly } from './plotly.js';

/** @type {Record<string, number>} seconds by key */
const STEPS = { ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };

export class PlayedFigure extends Figure {
  #index = -1;
  #run = '';
  #seconds = 0;

  /**
   * @param {number} number
   * @param {Record<string, string>} labels  of the runs
   * @param {import('./results.js').Given} given
   */
  constructor(number, labels, given) {
    super(`figure-${number}`, `Figure ${number}`, given, { kind: 'played-figure', legend: false, drags: true, keys: 'Arrow keys move the cursor, Space plays. ' });
    this.labels = labels;
    this.cursor = make('i', { class: 'cursor', 'aria-hidden': 'true', hidden: true });
    this.place.after(this.cursor);
    this.element.addEventListener('keydown', event => this.#key(event));
    this.on('begun', drawing => this.#follow(drawing));
  }

  /** @param {import('./plotly.js').Drawing} drawing */
  #follow(drawing) {
    const { signal } = this;
    // Dragging moves the cursor, but for once where somebody has taken the tool for zooming.
    const zooms = () => Boolean(drawing._fullLayout.dragmode);
    this.place.addEventListener('pointerdown', event => {
      if (zooms() || !this.#isInside(event)) return;
      if (event.pointerType === 'mouse') this.place.setPointerCapture(event.pointerId);
      this.emit('seek', this.#secondsAt(event));
    }, { signal });
    this.place.addEventListener('pointermove', event => {
      if (this.place.hasPointerCapture(event.pointerId)) this.emit('seek', this.#secondsAt(event));
    }, { signal });
    drawing.on('plotly_click', ({ points }) => zooms() && this.emit('seek', points[0].x));
    drawing.on('plotly_relayout', changes => {
      this.#move();
      const { range: [from, to] } = drawing._fullLayout.xaxis;
      if (!Object.keys(changes).some(key => key.startsWith('xaxis.'))) return;
      this.emit('zoom', [from, to]);
      if (zooms()) this.#drop();
    });
    const watcher = new ResizeObserver(() => this.#move());
    watcher.observe(this.place);
    signal.addEventListener('abort', () => watcher.disconnect(), { once: true });
  }

  // Put the tool for zooming away.
  async #drop() {
    await (await loadPlotly()).relayout(this.place, { dragmode: false });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.element) return;
    const step = STEPS[event.key];
    if (event.key === ' ') this.emit('toggle');
    else if (step) this.emit('step', step * (event.shiftKey ? 10 : 1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {PointerEvent} event */
  #isInside(event) {
    if (!this.drawing) return false;
    const { xaxis, yaxis } = this.drawing._fullLayout;
    const [x, y] = this.pixels(event, this.drawing);
    return x >= 0 && x <= xaxis._length && y >= 0 && y <= yaxis._length;
  }

  /** @param {PointerEvent} event */
  #secondsAt(event) {
    return this.drawing ? this.drawing._fullLayout.xaxis.p2l(this.pixels(event, this.drawing)[0]) : 0;
  }

  /** @param {number} seconds */
  put(seconds) {
    this.#seconds = seconds;
    if (!this.drawing) return;
    this.#move();
    const { x0 = 0, dx = 1 } = this.drawing.data[0] || {};
    const index = Math.floor((seconds - x0) / dx + 0.5);
    if (index === this.#index) return;
    this.#index = index;
    this.#read();
  }

  // A line over the drawing: to draw it anew sixty times a second would take long.
  #move() {
    if (!this.drawing) return;
    const { xaxis, yaxis } = this.drawing._fullLayout;
    const x = xaxis.l2p(this.#seconds);
    this.cursor.hidden = x < -0.5 || x > xaxis._length + 0.5;
    this.cursor.style.height = `${yaxis._length}px`;
    this.cursor.style.transform = `translate(${(xaxis._offset + x).toFixed(1)}px, ${yaxis._offset}px)`;
  }

  // The values at the cursor, in the order of the buttons.
  #read() {
    const lines = Object.keys(this.labels).flatMap(run => this.lines.filter(line => line.legendgroup === run));
    this.reading.replaceChildren(...lines.map(({ legendgroup: run = '', y }) => make('span', { 'data-run': run, title: this.labels[run] },
      make('i', { class: 'swatch', role: 'img', 'aria-label': this.labels[run] }), tidy(y[Math.min(Math.max(this.#index, 0), y.length - 1)]))));
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

  /**
   * Among seven lines one is found by pointing at its name.
   *
   * @param {string} run
   */
  highlight(run) {
    this.#run = run;
    for (const line of findAll(this.place, '.scatterlayer .trace', SVGElement)) {
      line.style.opacity = !run || line.classList.contains(`trace${run}`) ? '1' : '0.2';
    }
  }

  /** @param {[from: number, to: number]} range */
  async zoom(range) {
    if (!this.drawing) return;
    const own = this.drawing._fullLayout.xaxis.range;
    if (own[0] === range[0] && own[1] === range[1]) return;
    await (await loadPlotly()).relayout(this.place, { 'xaxis.range': range });
  }
}
