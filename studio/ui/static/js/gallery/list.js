// The same sounds as a list, sorted by any column. Only the rows in sight exist.

import { Emitter } from '../lib/bus.js';
import { signMark } from '../lib/datasets.js';
import { closest, findAll, finder, make, makeButton } from '../lib/dom.js';

const ROW = 32;
const SPARE = 6;
/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} label
 * @property {Float64Array} [values]  where it is sorted by numbers
 * @property {(row: number) => string} text
 */

/** @typedef {import('./map.js').Hover} Hover */

/** @extends {Emitter<{ hover: Hover, take: { row: number, touch: boolean }, leave: void }>} */
export class List extends Emitter {
  /** @type {number[]} */
  rows = [];
  /** @type {number | null} */
  #current = null;
  /** @type {Set<number>} */
  #kept = new Set();
  /** @type {ArrayLike<number>} */
  #visible = [];
  #sort = { name: 'sound', down: false };

  /**
   * @param {HTMLElement} root
   * @param {import('../picker/catalogue.js').Catalogue} catalogue
   * @param {AbortSignal} signal
   */
  constructor(root, catalogue, signal) {
    super();
    const byId = finder(root);
    this.catalogue = catalogue;
    this.body = byId('list-body');
    this.head = byId('list-head');
    this.panel = byId('gallery-list');
    /** @type {Column[]} */
    this.columns = [
      { name: 'sound', label: 'Sound', text: row => catalogue.title(row) },
      { name: 'model', label: 'Model', text: row => catalogue.model(row) },
      ...catalogue.features.filter(feature => !feature.more).map(({ name, label, read, values }) => ({
        name, label, values, text: (/** @type {number} */ row) => read(values[row]),
      })),
    ];
    this.space = make('div', { class: 'space' });
    this.body.append(this.space);
    this.#mountHead();
    this.body.addEventListener('scroll', () => this.draw());
    const watcher = new ResizeObserver(() => this.draw());
    watcher.observe(this.body);
    signal.addEventListener('abort', () => watcher.disconnect());
    this.#mountRows();
  }

  get open() {
    return !this.panel.hidden;
  }

  /** @param {boolean} open */
  toggle(open) {
    this.panel.hidden = !open;
    if (open) this.refill();
  }

  /** @param {ArrayLike<number>} visible  a mask of the rows */
  fill(visible) {
    this.#visible = visible;
    if (this.open) this.refill();
  }

  refill() {
    const { catalogue } = this;
    const { name, down } = this.#sort;
    const column = this.columns.find(one => one.name === name) || this.columns[0];
    const rows = [];
    for (let row = 0; row < catalogue.count; row += 1) if (this.#visible[row]) rows.push(row);
    const { values } = column;
    const words = new Map(values ? [] : rows.map(row => [row, column.text(row)]));
    /** @type {(a: number, b: number) => number} */
    const compare = values
      ? (a, b) => values[a] - values[b]
      : (a, b) => String(words.get(a)).localeCompare(String(words.get(b)), 'en', { numeric: true });
    rows.sort((a, b) => compare(a, b) || a - b);
    this.rows = down ? rows.reverse() : rows;
    this.space.style.height = `${this.rows.length * ROW}px`;
    this.body.scrollTop = 0;
    this.draw();
  }

  /** @param {{ current: number | null, kept: Set<number> }} marks */
  show({ current, kept }) {
    this.#current = current;
    this.#kept = kept;
    if (this.open) this.draw();
  }

  /** @param {number} row */
  reveal(row) {
    const at = this.rows.indexOf(row);
    if (!this.open || at < 0) return;
    const { body } = this;
    const top = at * ROW;
    if (top < body.scrollTop) body.scrollTop = top;
    else if (top + ROW > body.scrollTop + body.clientHeight) body.scrollTop = top + ROW - body.clientHeight;
  }

  draw() {
    const first = Math.max(0, Math.floor(this.body.scrollTop / ROW) - SPARE);
    const last = Math.min(this.rows.length, Math.ceil((this.body.scrollTop + this.body.clientHeight) / ROW) + SPARE);
    this.space.replaceChildren(...this.rows.slice(first, last).map((row, i) => this.#row(row, first + i)));
    const id = `list-${this.#current}`;
    if (this.space.querySelector(`#${id}`)) this.body.setAttribute('aria-activedescendant', id);
    else this.body.removeAttribute('aria-activedescendant');
  }

  /**
   * @param {number} row
   * @param {number} at  its place in the list
   */
  #row(row, at) {
    const { dataset } = this.catalogue.group(row);
    return make('div', {
      class: `row ${dataset}${row === this.#current ? ' current' : ''}`,
      id: `list-${row}`,
      'data-row': row,
      role: 'option',
      'aria-selected': String(this.#kept.has(row)),
      'aria-posinset': at + 1,
      'aria-setsize': this.rows.length,
      style: `transform:translateY(${at * ROW}px)`,
    }, signMark(dataset), ...this.columns.map(({ name, values, text }) =>
      make('span', { class: `${values ? 'number' : ''}${name === this.#sort.name ? ' sorted' : ''}` }, text(row))));
  }

  #mountHead() {
    this.head.append(...this.columns.map(({ name, label, values }) => makeButton({ 'data-name': name, class: values ? 'number' : '' }, () => {
      this.#sort = { name, down: this.#sort.name === name ? !this.#sort.down : Boolean(values) };
      this.#mark();
      this.refill();
    }, label)));
    this.#mark();
  }

  #mark() {
    const { name, down } = this.#sort;
    for (const button of findAll(this.head, 'button')) {
      const on = button.dataset.name === name;
      button.classList.toggle('sorted', on);
      button.setAttribute('aria-pressed', String(on));
      button.dataset.arrow = on ? (down ? '↓' : '↑') : '';
    }
  }

  #mountRows() {
    const { body } = this;
    /** @type {number | null} */
    let over = null;
    body.addEventListener('pointermove', event => {
      const item = closest(event, '.row');
      const row = item ? Number(item.dataset.row) : null;
      if (row !== null && row !== over && event.pointerType === 'mouse') this.emit('hover', { row, since: event.timeStamp });
      over = row;
    });
    body.addEventListener('pointerleave', () => {
      over = null;
      this.emit('leave');
    });
    body.addEventListener('click', event => {
      const item = closest(event, '.row');
      if (item) this.emit('take', { row: Number(item.dataset.row), touch: event instanceof PointerEvent && event.pointerType === 'touch' });
    });
    body.addEventListener('keydown', event => {
      const step = STEPS[event.key];
      if (!step || !this.rows.length) return;
      event.preventDefault();
      event.stopPropagation();
      const at = this.#current === null ? -1 : this.rows.indexOf(this.#current);
      const next = at < 0 ? 0 : Math.min(this.rows.length - 1, Math.max(0, at + step));
      this.emit('hover', { row: this.rows[next], since: event.timeStamp, walk: true });
    });
  }
}
