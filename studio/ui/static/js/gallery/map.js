// The map: every sound a point on a canvas. It is looked at, hovered, dragged, pinched, walked.

import { colour, fit } from '../lib/canvas.js';
import { line, ring, trace } from './shapes.js';
import { nearestPoint, nextTowards } from './walk.js';

const NEAR = { mouse: 15, touch: 30 }; // how far from a point still means it, in CSS pixels
const MOVE_MS = 380;
const MOST_ZOOM = 40;
const FACE = '"Instrument Sans", system-ui, sans-serif';
const still = window.matchMedia('(prefers-reduced-motion: reduce)');

export class SoundMap extends EventTarget {
  constructor(canvas, catalogue) {
    super();
    Object.assign(this, { canvas, catalogue });
    const { count } = catalogue;
    this.shape = Uint8Array.from({ length: count }, (_, row) => {
      const at = ['events', 'instruments', 'speech'].indexOf(catalogue.group(row).dataset);
      return at < 0 ? 3 : at;
    });
    this.visible = new Uint8Array(count).fill(1);
    this.kept = new Set();
    this.links = [];
    this.view = { zoom: 1, x: 0.5, y: 0.5 };
    this.draws = 0;
    // Rings and lines lie on a sheet of their own: pointing at a sound draws no 3,500 points.
    this.front = document.createElement('canvas');
    this.front.className = 'front';
    this.front.setAttribute('aria-hidden', 'true');
    canvas.after(this.front);
    new ResizeObserver(() => this.redraw()).observe(canvas);
    this.#mountPointer();
  }

  // x and y: places 0…1 with title and marks, as `axis` gives them.
  arrange(x, y) {
    const old = this.xs && { xs: this.xs, ys: this.ys };
    Object.assign(this, { x, y, xs: x.places, ys: y.places, view: { zoom: 1, x: 0.5, y: 0.5 } });
    const pen = this.canvas.getContext('2d');
    pen.font = `500 11px ${FACE}`;
    this.margin = 22 + Math.max(38, ...y.marks.map(({ text }) => pen.measureText(text).width));
    cancelAnimationFrame(this.mover);
    if (!old || still.matches) {
      this.redraw();
      return;
    }
    const began = performance.now();
    const step = () => {
      const part = Math.min(1, (performance.now() - began) / MOVE_MS);
      const ease = 1 - (1 - part) ** 3;
      this.xs = x.places.map((place, i) => old.xs[i] + (place - old.xs[i]) * ease);
      this.ys = y.places.map((place, i) => old.ys[i] + (place - old.ys[i]) * ease);
      this.#draw();
      if (part < 1) this.mover = requestAnimationFrame(step);
    };
    step();
  }

  paint({ index, palette }) {
    Object.assign(this, { index, palette });
    this.redraw();
  }

  // visible, a mask of the rows.
  filter(visible) {
    this.visible = visible;
    this.redraw();
  }

  // current, kept, links and their centre: rows.
  mark(changes) {
    Object.assign(this, changes);
    if (this.frame || this.frontFrame) return;
    this.frontFrame = requestAnimationFrame(() => {
      this.frontFrame = null;
      this.#drawFront();
    });
  }

  redraw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.#draw();
    });
  }

  // -- where things are, in CSS pixels

  get box() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const bottom = this.x?.title ? 40 : 26;
    const left = this.y?.title ? this.margin : 26;
    const top = this.y?.title ? 36 : 22;
    return { left, top, width: Math.max(1, width - left - 28), height: Math.max(1, height - top - bottom) };
  }

  place(row) {
    return this.at(this.xs[row], this.ys[row]);
  }

  at(u, v) {
    const { left, top, width, height } = this.box;
    const { zoom, x, y } = this.view;
    return [left + width * (0.5 + (u - x) * zoom), top + height * (0.5 - (v - y) * zoom)];
  }

  near(px, py, kind = 'mouse') {
    return nearestPoint(this, px, py, NEAR[kind] || NEAR.mouse);
  }

  // The nearest point in an arrow's direction, or null at the edge.
  towards(row, dx, dy) {
    return nextTowards(this, row, dx, dy);
  }

  // Bring a point into sight.
  reveal(row, { zoom = this.view.zoom } = {}) {
    const [px, py] = this.place(row);
    const { left, top, width, height } = this.box;
    const inside = px > left && px < left + width && py > top && py < top + height;
    if (inside && zoom === this.view.zoom) return;
    this.#look({ zoom, x: this.xs[row], y: this.ys[row] });
  }

  zoomBy(factor, px, py) {
    const { left, top, width, height } = this.box;
    const { zoom, x, y } = this.view;
    const next = Math.min(MOST_ZOOM, Math.max(1, zoom * factor));
    const across = px === undefined ? 0 : (px - left) / width - 0.5;
    const down = py === undefined ? 0 : (py - top) / height - 0.5;
    this.#look({ zoom: next, x: x + across / zoom - across / next, y: y - down / zoom + down / next });
  }

  fit() {
    this.#look({ zoom: 1, x: 0.5, y: 0.5 });
  }

  #look({ zoom, x, y }) {
    const edge = 0.5 / zoom - 0.02;
    const inside = value => Math.min(1 - edge, Math.max(edge, value));
    this.view = { zoom, x: zoom === 1 ? 0.5 : inside(x), y: zoom === 1 ? 0.5 : inside(y) };
    this.redraw();
  }

  // -- pointers: a mouse hovers and drags, one finger listens, two move and zoom

  #mountPointer() {
    const { canvas } = this;
    const down = new Map();
    let from = null;
    let dragged = false;
    const local = event => {
      const { left, top } = canvas.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    const hover = event => {
      const row = this.near(...local(event), event.pointerType);
      canvas.classList.toggle('over', row !== null);
      if (row !== null && row !== this.hovered) this.#tell('hover', { row, since: event.timeStamp });
      this.hovered = row;
    };
    // Where the browser tells moves at once instead of once a frame, a sound comes a frame sooner.
    canvas.addEventListener('pointerrawupdate', event => down.size || hover(event));
    canvas.addEventListener('pointerdown', event => {
      down.set(event.pointerId, local(event));
      canvas.setPointerCapture(event.pointerId);
      dragged = down.size > 1;
      from = local(event);
      if (event.pointerType !== 'mouse' && down.size === 1) hover(event);
    });
    canvas.addEventListener('pointermove', event => {
      const now = local(event);
      const before = down.get(event.pointerId);
      if (!before) {
        hover(event);
        return;
      }
      if (Math.hypot(now[0] - from[0], now[1] - from[1]) > 5) dragged = true;
      if (down.size > 1) this.#pinch(down, event.pointerId, now);
      else if (event.pointerType === 'mouse' && dragged) this.#pan(now[0] - before[0], now[1] - before[1]);
      else if (event.pointerType !== 'mouse') hover(event);
      down.set(event.pointerId, now);
    });
    canvas.addEventListener('pointerup', event => {
      const row = this.near(...local(event), event.pointerType);
      if (!dragged && row !== null) this.#tell('take', { row, touch: event.pointerType !== 'mouse' });
    });
    for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, event => down.delete(event.pointerId));
    canvas.addEventListener('pointerleave', () => {
      this.hovered = null;
      if (!down.size) this.#tell('leave');
    });
    canvas.addEventListener('wheel', event => {
      event.preventDefault();
      this.zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), ...local(event));
    }, { passive: false });
  }

  #pan(dx, dy) {
    const { width, height } = this.box;
    const { zoom, x, y } = this.view;
    this.#look({ zoom, x: x - dx / width / zoom, y: y + dy / height / zoom });
  }

  #pinch(down, id, now) {
    const other = [...down].find(([key]) => key !== id)[1];
    const before = down.get(id);
    const spread = ([ax, ay], [bx, by]) => Math.max(8, Math.hypot(ax - bx, ay - by));
    this.zoomBy(spread(now, other) / spread(before, other), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    this.#pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  // -- drawing

  #draw() {
    if (!this.xs || !this.palette || !this.canvas.clientWidth) return;
    const { context, width, height, dense } = fit(this.canvas);
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, width, height);
    this.#drawMarks(context);
    context.save();
    context.beginPath();
    context.rect(0, 0, width / dense, height / dense - (this.x.title ? 34 : 0));
    context.clip();
    this.#drawPoints(context);
    context.restore();
    this.draws += 1;
    this.#drawFront();
  }

  #drawFront() {
    if (!this.xs || !this.palette || !this.canvas.clientWidth) return;
    const { context, width, height, dense } = fit(this.front);
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, width, height);
    this.#drawLinks(context);
    this.#drawRings(context);
  }

  #drawMarks(context) {
    const { left, top, width, height } = this.box;
    context.font = `500 11px ${FACE}`;
    context.fillStyle = colour('--dim');
    context.strokeStyle = colour('--line');
    context.lineWidth = 1;
    for (const { at, text } of this.x.marks) {
      const [px] = this.at(at, 0);
      if (px < left - 1 || px > left + width + 1) continue;
      line(context, px, top, px, top + height);
      context.textAlign = 'center';
      context.fillText(text, px, top + height + 18);
    }
    for (const { at, text } of this.y.marks) {
      const [, py] = this.at(0, at);
      if (py < top - 1 || py > top + height + 1) continue;
      line(context, left, py, left + width, py);
      context.textAlign = 'right';
      context.fillText(text, left - 10, py + 4);
    }
    context.font = `600 11px ${FACE}`;
    context.fillStyle = colour('--text');
    if (this.x.title) {
      context.textAlign = 'right';
      context.fillText(`${this.x.title} →`, left + width, top + height + 34);
    }
    if (this.y.title) {
      context.textAlign = 'left';
      context.fillText(`↑ ${this.y.title}`, 10, 16);
    }
  }

  #drawPoints(context) {
    const [wide, high] = [this.canvas.clientWidth, this.canvas.clientHeight];
    const size = this.#size();
    const batches = new Map();
    const faint = new Path2D();
    for (let row = 0; row < this.catalogue.count; row += 1) {
      const [px, py] = this.place(row);
      if (px < -8 || py < -8 || px > wide + 8 || py > high + 8) continue;
      if (!this.visible[row]) {
        faint.rect(px - 0.75, py - 0.75, 1.5, 1.5);
        continue;
      }
      const key = this.index[row];
      if (!batches.has(key)) batches.set(key, new Path2D());
      trace(batches.get(key), this.shape[row], px, py, size);
    }
    context.fillStyle = colour('--edge');
    context.globalAlpha = 0.45;
    context.fill(faint);
    context.globalAlpha = 0.88;
    for (const [key, path] of batches) {
      context.fillStyle = this.palette[key];
      context.fill(path);
    }
    context.globalAlpha = 1;
  }

  #size() {
    const crowd = Math.sqrt(this.catalogue.count / Math.max(1, this.canvas.clientWidth * this.canvas.clientHeight) * 260);
    return Math.min(7, (3 / Math.max(0.8, Math.min(1.25, crowd))) * this.view.zoom ** 0.32);
  }

  #drawLinks(context) {
    if (this.centre === undefined || this.centre === null) return;
    const [x, y] = this.place(this.centre);
    context.strokeStyle = colour('--text');
    context.globalAlpha = 0.5;
    context.lineWidth = 1;
    for (const row of this.links) {
      if (this.visible[row]) line(context, x, y, ...this.place(row));
    }
    context.globalAlpha = 1;
  }

  #drawRings(context) {
    const size = this.#size();
    context.strokeStyle = colour('--text');
    context.lineWidth = 1.6;
    for (const row of this.kept) ring(context, ...this.place(row), size + 3);
    if (this.current === undefined || this.current === null) return;
    const [px, py] = this.place(this.current);
    const path = new Path2D();
    trace(path, this.shape[this.current], px, py, size * 1.7);
    context.fillStyle = this.palette[this.index[this.current]];
    context.fill(path);
    context.lineWidth = 2.5;
    context.strokeStyle = colour('--accent');
    ring(context, px, py, size * 1.7 + 5);
  }
}
