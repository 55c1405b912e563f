// A figure that the studio's server has drawn from a table, as plotly shows it: in the colours of
// the theme, with values under the pointer, zoom, and a picture to take away. It is fetched and
// drawn when it comes near the screen.

import { make } from '../lib/make.js';
import { loadPlotly } from './plotly.js';

/** @typedef {import('./plotly.js').Drawing} Drawing */
/** @typedef {import('./plotly.js').Trace} Trace */

const NEAR = '400px';
const touched = () => window.matchMedia('(pointer: coarse)').matches;

export class Figure extends EventTarget {
  /** @type {Drawing | null} */
  drawing = null;
  /** @type {Set<string> | null} */
  #shown = null;
  #baseUrl;
  #theme = '';
  #legend;
  #changeTheme = () => this.#redraw();

  /**
   * @param {string} name of the figure at the server
   * @param {string} title what it is called below it
   * @param {URL} baseUrl
   * @param {{ kind?: string, legend?: boolean }} [options] a class for its look; whether lines are
   *   named inside, which they need not be where buttons name them
   */
  constructor(name, title, baseUrl, { kind = '', legend = true } = {}) {
    super();
    this.name = name;
    this.#baseUrl = baseUrl;
    this.#legend = legend;
    this.place = /** @type {Drawing} */ (make('div', { class: 'drawing' }));
    this.words = make('p', { class: 'unseen', id: `${name}-words` });
    this.reading = make('output', { class: 'reading' });
    const save = make('button', { type: 'button', class: 'save', 'aria-label': `${title} as SVG` }, 'SVG');
    save.addEventListener('click', () => this.#save());
    this.element = make('figure', { class: `plot ${kind}`, id: name, 'aria-label': title, 'aria-describedby': `${name}-words` },
      make('div', { class: 'sheet' }, this.place), this.words, make('figcaption', {}, /^Figure/.test(title) ? make('b', {}, title) : '', this.reading, save));
    this.watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#redraw(), { rootMargin: NEAR });
    this.watcher.observe(this.element);
    window.addEventListener('studio-theme', this.#changeTheme);
  }

  // Show the lines of these names only.
  /** @param {Set<string>} names */
  async show(names) {
    this.#shown = new Set(names);
    if (!this.drawing) return;
    const visible = this.drawing.data.map(trace => this.#isShown(trace));
    await (await loadPlotly()).restyle(this.place, { visible });
  }

  /** @param {Trace} trace */
  #isShown(trace) {
    return !this.#shown || !trace.legendgroup || this.#shown.has(trace.legendgroup);
  }

  // The lines that are shown, without bands.
  get lines() {
    return (this.drawing?.data || []).filter(trace => trace.hoverinfo !== 'skip' && this.#isShown(trace));
  }

  async #redraw() {
    const theme = document.documentElement.dataset.theme === 'light' ? 'light' : 'dark';
    if (theme === this.#theme || !this.element.isConnected || (!this.drawing && !this.#isNear())) return;
    const before = this.#theme;
    this.#theme = theme;
    try {
      await this.#draw(theme);
    } catch (error) {
      this.#theme = before;
      this.reading.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  #isNear() {
    return this.watcher.takeRecords().length > 0 || this.element.getBoundingClientRect().top < window.innerHeight + parseInt(NEAR, 10);
  }

  /** @param {string} theme */
  async #draw(theme) {
    const address = new URL(`experiments/figures/${this.name}.json?theme=${theme}`, this.#baseUrl);
    const [plotly, answer] = await Promise.all([loadPlotly(), fetch(address)]);
    const { data, layout, message } = await answer.json();
    if (!answer.ok) throw new Error(message);
    if (theme !== this.#theme) return;  // Chosen anew meanwhile.
    for (const trace of data) trace.visible = this.#isShown(trace);
    if (!this.#legend) layout.showlegend = false;
    // A finger scrolls the page; to zoom there are buttons.
    if (touched()) layout.dragmode = false;
    this.adapt(layout);
    const first = !this.drawing;
    this.drawing = await plotly.react(this.place, data, layout, {
      displaylogo: false,
      displayModeBar: touched() || 'hover',
      // Nothing goes to another server.
      modeBarButtonsToRemove: ['sendChartToCloud', 'select2d', 'lasso2d', 'autoScale2d'],
      responsive: true,
      showTips: false,
      toImageButtonOptions: { filename: this.name, format: 'png', scale: 2 },
    });
    // What is drawn is told in words; the buttons above it stay to be reached.
    this.words.textContent = layout.meta.description;
    for (const drawn of this.place.querySelectorAll('.main-svg')) drawn.setAttribute('aria-hidden', 'true');
    this.element.dataset.drawn = theme;
    if (first) this.begun(this.drawing);
    this.dispatchEvent(new Event('drawn'));
  }

  // For figures that differ: change the layout before it is drawn; listen once it is.
  /** @param {Record<string, any>} layout */
  adapt(layout) {}  // eslint-disable-line no-unused-vars, class-methods-use-this

  /** @param {Drawing} drawing */
  begun(drawing) {}  // eslint-disable-line no-unused-vars, class-methods-use-this

  async #save() {
    if (!this.drawing) return;
    const { clientWidth: width, clientHeight: height } = this.place;
    (await loadPlotly()).downloadImage(this.place, { format: 'svg', filename: this.name, width, height });
  }

  // Leave nothing behind.
  async remove() {
    this.watcher.disconnect();
    window.removeEventListener('studio-theme', this.#changeTheme);
    this.element.remove();
    if (this.drawing) (await loadPlotly()).purge(this.place);
    this.drawing = null;
  }
}
