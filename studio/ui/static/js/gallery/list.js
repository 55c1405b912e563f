// The same sounds as a list, sorted by any column. Only the rows in sight exist.

import { signOf } from '../lib/datasets.js';

const ROW = 32;
const SPARE = 6;

export class List extends EventTarget {
  constructor(root, catalogue) {
    super();
    Object.assign(this, { catalogue });
    this.body = root.querySelector('#list-body');
    this.head = root.querySelector('#list-head');
    this.panel = root.querySelector('#gallery-list');
    this.sort = { name: 'sound', down: false };
    this.rows = [];
    this.kept = new Set();
    this.columns = [
      { name: 'sound', label: 'Sound', text: row => catalogue.title(row) },
      { name: 'model', label: 'Model', text: row => catalogue.model(row) },
      ...catalogue.features.filter(feature => !feature.more).map(({ name, label, read, values }) => ({
        name, label, values, text: row => read(values[row]),
      })),
    ];
    this.space = document.createElement('div');
    this.space.className = 'space';
    this.body.append(this.space);
    this.#mountHead();
    this.body.addEventListener('scroll', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.body);
    this.#mountRows();
  }

  get open() {
    return !this.panel.hidden;
  }

  toggle(open) {
    this.panel.hidden = !open;
    if (open) this.refill();
  }

  fill(visible) {
    this.visible = visible;
    if (this.open) this.refill();
  }

  refill() {
    const { sort, catalogue } = this;
    const column = this.columns.find(({ name }) => name === sort.name);
    const rows = [];
    for (let row = 0; row < catalogue.count; row += 1) if (this.visible[row]) rows.push(row);
    const words = new Map();
    if (!column.values) for (const row of rows) words.set(row, column.text(row));
    const compare = column.values
      ? (a, b) => column.values[a] - column.values[b]
      : (a, b) => words.get(a).localeCompare(words.get(b), 'en', { numeric: true });
    rows.sort((a, b) => compare(a, b) || a - b);
    this.rows = sort.down ? rows.reverse() : rows;
    this.space.style.height = `${this.rows.length * ROW}px`;
    this.body.scrollTop = 0;
    this.draw();
  }

  show({ current, kept }) {
    Object.assign(this, { current, kept });
    if (this.open) this.draw();
  }

  reveal(row) {
    const at = this.rows.indexOf(row);
    if (!this.open || at < 0) return;
    const top = at * ROW;
    if (top < this.body.scrollTop) this.body.scrollTop = top;
    else if (top + ROW > this.body.scrollTop + this.body.clientHeight) this.body.scrollTop = top + ROW - this.body.clientHeight;
  }

  draw() {
    const first = Math.max(0, Math.floor(this.body.scrollTop / ROW) - SPARE);
    const last = Math.min(this.rows.length, Math.ceil((this.body.scrollTop + this.body.clientHeight) / ROW) + SPARE);
    const drawn = document.createDocumentFragment();
    for (let i = first; i < last; i += 1) drawn.append(this.#row(this.rows[i], i));
    this.space.replaceChildren(drawn);
    const id = `list-${this.current}`;
    if (this.space.querySelector(`#${id}`)) this.body.setAttribute('aria-activedescendant', id);
    else this.body.removeAttribute('aria-activedescendant');
  }

  #row(row, at) {
    const { dataset } = this.catalogue.group(row);
    const item = document.createElement('div');
    item.className = `row ${dataset}`;
    item.id = `list-${row}`;
    item.dataset.row = row;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', String(this.kept.has(row)));
    item.setAttribute('aria-posinset', at + 1);
    item.setAttribute('aria-setsize', this.rows.length);
    item.classList.toggle('current', row === this.current);
    item.style.transform = `translateY(${at * ROW}px)`;
    item.innerHTML = `<i class="sign" aria-hidden="true">${signOf(dataset)}</i>`;
    for (const column of this.columns) {
      const cell = document.createElement('span');
      cell.className = column.values ? 'number' : '';
      cell.classList.toggle('sorted', column.name === this.sort.name);
      cell.textContent = column.text(row);
      item.append(cell);
    }
    return item;
  }

  #mountHead() {
    for (const { name, label, values } of this.columns) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.dataset.name = name;
      button.className = values ? 'number' : '';
      button.addEventListener('click', () => {
        this.sort = { name, down: this.sort.name === name ? !this.sort.down : Boolean(values) };
        this.#mark();
        this.refill();
      });
      this.head.append(button);
    }
    this.#mark();
  }

  #mark() {
    for (const button of this.head.children) {
      const on = button.dataset.name === this.sort.name;
      button.classList.toggle('sorted', on);
      button.setAttribute('aria-pressed', String(on));
      button.dataset.arrow = on ? (this.sort.down ? '↓' : '↑') : '';
    }
  }

  #mountRows() {
    let over = null;
    this.body.addEventListener('pointermove', event => {
      const item = event.target.closest?.('.row');
      const row = item ? Number(item.dataset.row) : null;
      if (row !== null && row !== over && event.pointerType === 'mouse') this.#tell('hover', { row, since: event.timeStamp });
      over = row;
    });
    this.body.addEventListener('pointerleave', () => {
      over = null;
      this.#tell('leave');
    });
    this.body.addEventListener('click', event => {
      const item = event.target.closest('.row');
      if (item) this.#tell('take', { row: Number(item.dataset.row), touch: event.pointerType === 'touch' });
    });
    this.body.addEventListener('keydown', event => {
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
      if (!step || !this.rows.length) return;
      event.preventDefault();
      event.stopPropagation();
      const at = this.rows.indexOf(this.current);
      const next = at < 0 ? 0 : Math.min(this.rows.length - 1, Math.max(0, at + step));
      this.#tell('hover', { row: this.rows[next], since: event.timeStamp, walk: true });
    });
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
