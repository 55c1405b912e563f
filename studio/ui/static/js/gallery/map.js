// The map: every sound a point on a canvas. Here is where things are; see map-drawing.js and
// map-pointer.js for how they look and how they are pointed at.

import { Emitter } from '../lib/bus.js';
import { contextOf, drawAgain } from '../lib/canvas.js';
import { make } from '../lib/dom.js';
import { drawFront, drawPoints, FACE } from './map-drawing.js';
import { listenToPointer } from './map-pointer.js';
import { nearestPoint, nextTowards } from './walk.js';

const NEAR = { mouse: 15, touch: 30 }; // how far from a point still means it, in CSS pixels
const MOVE_MS = 380;
const MOST_ZOOM = 40;
const WHOLE = { zoom: 1, x: 0.5, y: 0.5 };
const still = window.matchMedia('(prefers-reduced-motion: reduce)');

/** @typedef {import('../picker/catalogue.js').Catalogue} Catalogue */
/** @typedef {import('./places.js').Axis} Axis */
/** @typedef {{ zoom: number, x: number, y: number }} Sight  what is in the middle, 0…1, and how large */
/** @typedef {{ left: number, top: number, width: number, height: number }} Box  in CSS pixels */
/** @typedef {{ row: number, since: number, walk?: boolean }} Hover */

/**
 * What is marked: rows.
 *
 * @typedef {object} Marks
 * @property {number | null} current
 * @property {Set<number>} kept
 * @property {number[]} links  joined to `centre`
 * @property {number | null} centre
 */

/** @extends {Emitter<{ hover: Hover, take: { row: number, touch: boolean }, leave: void }>} */
export class SoundMap extends Emitter {
  /** @type {Axis} */
  x = { places: new Float32Array(), title: '', marks: [] };
  /** @type {Axis} */
  y = this.x;
  /**
   * Colours by row: an index into the palette.
   *
   * @type {Uint8Array}
   */
  index = new Uint8Array();
  /** @type {string[]} */
  palette = [];
  /** @type {Marks} */
  marks = { current: null, kept: new Set(), links: [], centre: null };
  sight = WHOLE;
  draws = 0;
  /**
   * Where the points are now, which may be on their way.
   *
   * @type {Float32Array | null}
   */
  xs = null;
  /** @type {Float32Array} */
  #ys = new Float32Array();
  #margin = 0;
  #mover = 0;
  #frame = 0;
  #frontFrame = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Catalogue} catalogue
   * @param {AbortSignal} signal
   */
  constructor(canvas, catalogue, signal) {
    super();
    this.canvas = canvas;
    this.catalogue = catalogue;
    const { count } = catalogue;
    this.shape = Uint8Array.from({ length: count }, (_, row) => {
      const at = ['events', 'instruments', 'speech'].indexOf(catalogue.group(row).dataset);
      return at < 0 ? 3 : at;
    });
    /** @type {ArrayLike<number>} a mask of the rows */
    this.visible = new Uint8Array(count).fill(1);
    // Rings and lines lie on a sheet of their own: pointing at a sound draws no 3,500 points.
    this.front = make('canvas', { class: 'front', 'aria-hidden': 'true' });
    canvas.after(this.front);
    drawAgain(canvas, () => this.redraw(), signal);
    listenToPointer(this);
  }

  /**
   * @param {Axis} x
   * @param {Axis} y
   */
  arrange(x, y) {
    const old = this.xs && { xs: this.xs, ys: this.#ys };
    this.x = x;
    this.y = y;
    this.xs = x.places;
    this.#ys = y.places;
    this.sight = WHOLE;
    const pen = contextOf(this.canvas);
    pen.font = `500 11px ${FACE}`;
    this.#margin = 22 + Math.max(38, ...y.marks.map(({ text }) => pen.measureText(text).width));
    cancelAnimationFrame(this.#mover);
    if (!old || still.matches) {
      this.redraw();
      return;
    }
    const began = performance.now();
    const step = () => {
      const part = Math.min(1, (performance.now() - began) / MOVE_MS);
      const ease = 1 - (1 - part) ** 3;
      this.xs = x.places.map((place, i) => old.xs[i] + (place - old.xs[i]) * ease);
      this.#ys = y.places.map((place, i) => old.ys[i] + (place - old.ys[i]) * ease);
      this.#draw();
      if (part < 1) this.#mover = requestAnimationFrame(step);
    };
    step();
  }

  /** @param {{ index: Uint8Array, palette: string[] }} colours */
  paint({ index, palette }) {
    this.index = index;
    this.palette = palette;
    this.redraw();
  }

  /** @param {ArrayLike<number>} visible  a mask of the rows */
  filter(visible) {
    this.visible = visible;
    this.redraw();
  }

  /** @param {Partial<Marks>} changes */
  mark(changes) {
    Object.assign(this.marks, changes);
    if (this.#frame || this.#frontFrame) return;
    this.#frontFrame = requestAnimationFrame(() => {
      this.#frontFrame = 0;
      if (this.#drawable) drawFront(this);
    });
  }

  redraw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /**
   * Where the points lie.
   *
   * @returns {Box}
   */
  get box() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const bottom = this.x.title ? 40 : 26;
    const left = this.y.title ? this.#margin : 26;
    const top = this.y.title ? 36 : 22;
    return { left, top, width: Math.max(1, width - left - 28), height: Math.max(1, height - top - bottom) };
  }

  /** @param {number} row */
  place(row) {
    return this.at(this.xs?.[row] ?? 0, this.#ys[row]);
  }

  /**
   * @param {number} u  0…1 across
   * @param {number} v  0…1 up
   * @returns {[x: number, y: number]}
   */
  at(u, v) {
    const { left, top, width, height } = this.box;
    const { zoom, x, y } = this.sight;
    return [left + width * (0.5 + (u - x) * zoom), top + height * (0.5 - (v - y) * zoom)];
  }

  /**
   * The row that is meant by a place, or null.
   *
   * @param {number} px
   * @param {number} py
   * @param {string} [kind]  of pointer
   */
  near(px, py, kind = 'mouse') {
    return nearestPoint(this, px, py, kind === 'mouse' ? NEAR.mouse : NEAR.touch);
  }

  /**
   * The nearest point in an arrow's direction, or null at the edge.
   *
   * @param {number} row
   * @param {number} dx
   * @param {number} dy
   */
  towards(row, dx, dy) {
    return nextTowards(this, row, dx, dy);
  }

  /**
   * Bring a point into sight.
   *
   * @param {number} row
   */
  reveal(row) {
    const [px, py] = this.place(row);
    const { left, top, width, height } = this.box;
    if (px > left && px < left + width && py > top && py < top + height) return;
    this.#look({ zoom: this.sight.zoom, x: this.xs?.[row] ?? 0, y: this.#ys[row] });
  }

  /**
   * Closer or further; what is under the pointer stays there.
   *
   * @param {number} factor
   * @param {number} [px]
   * @param {number} [py]
   */
  zoomBy(factor, px, py) {
    const { left, top, width, height } = this.box;
    const { zoom, x, y } = this.sight;
    const next = Math.min(MOST_ZOOM, Math.max(1, zoom * factor));
    const across = px === undefined ? 0 : (px - left) / width - 0.5;
    const down = py === undefined ? 0 : (py - top) / height - 0.5;
    this.#look({ zoom: next, x: x + across / zoom - across / next, y: y - down / zoom + down / next });
  }

  fit() {
    this.#look(WHOLE);
  }

  /**
   * @param {number} dx  CSS pixels
   * @param {number} dy
   */
  pan(dx, dy) {
    const { width, height } = this.box;
    const { zoom, x, y } = this.sight;
    this.#look({ zoom, x: x - dx / width / zoom, y: y + dy / height / zoom });
  }

  // How large a point is, in CSS pixels: smaller where there are many.
  get size() {
    const crowd = Math.sqrt(this.catalogue.count / Math.max(1, this.canvas.clientWidth * this.canvas.clientHeight) * 260);
    return Math.min(7, (3 / Math.max(0.8, Math.min(1.25, crowd))) * this.sight.zoom ** 0.32);
  }

  /** @param {Sight} sight */
  #look({ zoom, x, y }) {
    const edge = 0.5 / zoom - 0.02;
    /** @param {number} value */
    const inside = value => Math.min(1 - edge, Math.max(edge, value));
    this.sight = { zoom, x: zoom === 1 ? 0.5 : inside(x), y: zoom === 1 ? 0.5 : inside(y) };
    this.redraw();
  }

  get #drawable() {
    return this.xs && this.palette.length > 0 && this.canvas.clientWidth > 0;
  }

  #draw() {
    if (!this.#drawable) return;
    drawPoints(this);
    this.draws += 1;
    drawFront(this);
  }
}
