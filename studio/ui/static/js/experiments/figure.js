// A figure that the studio has drawn from a table, as plotly shows it: in the colours of the theme,
// with values under the pointer, zoom, and a picture to take away. It is fetched and drawn when it
// comes near the screen.

import { askJson } from '../lib/ask.js';
import { bus, Emitter } from '../lib/bus.js';
import { find, findAll, make, makeButton } from '../lib/dom.js';
import { loadPlotly } from './plotly.js';

/** @typedef {import('./plotly.js').Drawing} Drawing */
/** @typedef {import('./plotly.js').Trace} Trace */

/** @type {Record<string, string>} buttons of plotly's bar, by key */
const ZOOM = { '+': 'in', '-': 'out', '0': 'reset' };
const NEAR = '400px';
const touched = () => window.matchMedia('(pointer: coarse)').matches;

/**
 * @typedef {object} FigureEvents
 * @property {Drawing} begun  it has been drawn for the first time
 * @property {void} drawn
 * @property {number} seek  the cursor is to stand at these seconds
 * @property {number} step  the cursor is to move by these seconds
 * @property {void} toggle  play or pause
 * @property {[from: number, to: number]} zoom  this part of the time is shown
 */

/** @extends {Emitter<FigureEvents>} */
export class Figure extends Emitter {
  /** @type {Drawing | null} */
  drawing = null;
  /** @type {Set<string> | null} */
  #shown = null;
  #theme = '';
  #isNear = false;
  #life = new AbortController();

  /**
   * @param {string} name  of the figure at the studio
   * @param {string} title  what it is called below it, where it has a number
   * @param {import('./results.js').Given} given
   * @param {{ kind?: string, legend?: boolean, drags?: boolean, keys?: string }} [options]  a class for its look;
   *   whether lines are named inside, which they need not be where buttons name them; whether
   *   dragging has another meaning than to zoom; what other keys do, in a sentence
   */
  constructor(name, title, { baseUrl, signal }, { kind = '', legend = true, drags = false, keys = '' } = {}) {
    super();
    this.name = name;
    this.legend = legend;
    this.drags = drags;
    this.baseUrl = baseUrl;
    this.place = make('div', { class: 'drawing' });
    this.words = make('p', { class: 'unseen', id: `${name}-words` });
    this.reading = make('output', { class: 'reading' });
    this.element = make('figure', { class: `plot ${kind}`, id: name, 'aria-label': `${title}. ${keys}Plus and minus zoom, 0 shows it all.`, 'aria-describedby': this.words.id },
      make('div', { class: 'sheet' }, this.place), this.words,
      make('figcaption', {}, title.startsWith('Figure') && make('b', {}, title), this.reading,
        makeButton({ class: 'save', 'aria-label': `${title} as SVG` }, () => this.#save(), 'SVG')));
    this.element.tabIndex = 0;
    this.element.addEventListener('keydown', event => this.#key(event));
    const watcher = new IntersectionObserver(entries => {
      this.#isNear = Boolean(entries.at(-1)?.isIntersecting);
      this.#redraw();
    }, { rootMargin: NEAR });
    watcher.observe(this.element);
    this.signal = AbortSignal.any([signal, this.#life.signal]);
    this.signal.addEventListener('abort', () => watcher.disconnect(), { once: true });
    bus.on('theme', () => this.#redraw(), this);
  }

  /**
   * Show the lines of these names only.
   *
   * @param {Set<string>} names
   */
  async show(names) {
    this.#shown = new Set(names);
    if (!this.drawing) return;
    const visible = this.drawing.data.map(trace => this.#isShown(trace));
    await (await loadPlotly()).restyle(this.place, { visible });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.element || event.ctrlKey || event.metaKey || !(event.key in ZOOM)) return;
    find(this.place, `[data-attr="zoom"][data-val="${ZOOM[event.key]}"]`).click();
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Trace} trace */
  #isShown(trace) {
    return !this.#shown || !trace.legendgroup || this.#shown.has(trace.legendgroup);
  }

  /** The lines that are shown, without bands. */
  get lines() {
    return (this.drawing?.data || []).filter(trace => trace.hoverinfo !== 'skip' && this.#isShown(trace));
  }

  // Draw it, or draw it anew where the theme is another.
  async #redraw() {
    const theme = document.documentElement.dataset.theme === 'light' ? 'light' : 'dark';
    if (theme === this.#theme || !this.#isNear) return;
    this.#theme = theme;
    try {
      await this.#draw(theme);
    } catch (error) {
      this.#theme = '';
      this.reading.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /** @param {string} theme */
  async #draw(theme) {
    const address = new URL(`experiments/figures/${this.name}.json?theme=${theme}`, this.baseUrl);
    const [plotly, { data, layout }] = await Promise.all([loadPlotly(), askJson(address)]);
    if (theme !== this.#theme || this.signal.aborted) return;  // Chosen anew meanwhile.
    for (const trace of data) trace.visible = this.#isShown(trace);
    if (!this.legend) layout.showlegend = false;
    // A finger scrolls the page; to zoom there are buttons.
    if (touched() || this.drags) layout.dragmode = false;
    layout.uirevision = this.name;  // In other colours, what was zoomed stays so.
    const first = !this.drawing;
    this.drawing = await plotly.react(this.place, data, layout, {
      displaylogo: false,
      displayModeBar: touched() || 'hover',
      // Nothing goes to another server; where dragging zooms anyway, that needs no button.
      modeBarButtonsToRemove: ['sendChartToCloud', 'select2d', 'lasso2d', 'autoScale2d', 'pan2d', ...(this.drags ? [] : ['zoom2d'])],
      responsive: true,
      showTips: false,
      toImageButtonOptions: { filename: this.name, format: 'png', scale: 2 },
    });
    // What is drawn is told in words; the buttons above it stay to be reached.
    this.words.textContent = layout.meta.description;
    for (const drawn of findAll(this.place, '.main-svg', SVGElement)) drawn.setAttribute('aria-hidden', 'true');
    this.element.dataset.drawn = theme;
    if (first) this.emit('begun', this.drawing);
    this.emit('drawn');
  }

  /**
   * Where a pointer is, in pixels from the upper left of the axes.
   *
   * @param {PointerEvent} event
   * @param {Drawing} drawing
   */
  pixels(event, { _fullLayout: { xaxis, yaxis } }) {
    const { left, top } = this.place.getBoundingClientRect();
    return [event.clientX - left - xaxis._offset, event.clientY - top - yaxis._offset];
  }

  async #save() {
    if (!this.drawing) return;
    const { clientWidth: width, clientHeight: height } = this.place;
    await (await loadPlotly()).downloadImage(this.place, { format: 'svg', filename: this.name, width, height });
  }

  /** Leave nothing behind. */
  async remove() {
    this.#life.abort();
    this.element.remove();
    if (this.drawing) (await loadPlotly()).purge(this.place);
    this.drawing = null;
  }
}
