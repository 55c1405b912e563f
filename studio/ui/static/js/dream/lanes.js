// Form over time: a lane for each target under the waveform, and five ready shapes.

import { askJson } from '../lib/ask.js';
import { colour, drawAgain, fitClear } from '../lib/canvas.js';
import { find, make, makeButton } from '../lib/dom.js';
import { seconds as inSeconds } from '../lib/numbers.js';
import { complaining, toast } from '../lib/toast.js';
import { describe } from '../picker/state.js';
import { added, MOST_POINTS, moved, nearest, opened, removed, valueAt } from './lane-points.js';

const SHAPES = [
  ['swell', 'Swell', 'From nothing to full, over the whole sound.'],
  ['decay', 'Decay', 'Falls as what rings out does.'],
  ['cross-fade', 'Cross-fade', 'One layer or map after the other: of two, the first goes and the second comes. Sets all lanes.'],
  ['pulse', 'Pulse', 'Beats at the tempo beside it: each begins at once and fades.'],
  ['walk', 'Random walk', 'Wanders by chance; each click wanders anew.'],
];
const REACH = { mouse: 12, touch: 24 }; // pixels
const STEP = { time: 0.01, value: 0.05, many: 5 };
const MOST_SEED = 100000;

/** @typedef {import('../lib/types.js').Curve} Curve */
/** @typedef {import('./lane-points.js').Edit} Edit */
/** @typedef {import('../picker/state.js').State} State */

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {URL} baseUrl
 * @param {AbortSignal} signal
 */
export function mountLanes(root, state, baseUrl, signal) {
  const tempo = make('input', { type: 'text', inputmode: 'decimal', class: 'note', id: 'lane-tempo', value: '120', 'aria-label': 'Beats per minute of the pulse' });
  const shapes = make('div', { class: 'row', role: 'group', 'aria-label': 'Ready shapes' });
  const rows = make('div', { class: 'lane-rows' });
  const advice = make('p', { class: 'aside', id: 'lane-advice' });
  const fold = make('details', { class: 'lanes', id: 'lanes' },
    make('summary', { 'data-hint': 'How much each layer or map counts along the sound.' }, 'Form over time'), shapes, rows, advice);
  find(root, '#scope').after(fold);
  /** @type {Lane[]} */
  const lanes = [];
  let chosen = 0;

  /** @param {number} index */
  const isOutput = index => state.recipe.targets[index][0] === state.layers.length - 1;
  /**
   * @param {number} index
   * @param {Curve} curve
   */
  const put = (index, curve) => {
    const curves = state.recipe.targets.map((_, at) => (at === index ? curve : state.recipe.curves?.[at] ?? []));
    state.set({ curves });
  };
  /** @param {string} shape */
  const shaped = async shape => {
    const { targets, seconds } = state.recipe;
    const places = shape === 'cross-fade' ? targets.map((_, index) => index) : [Math.min(chosen, targets.length - 1)];
    const one = places.find(isOutput);
    if (one !== undefined) throw new Error('The output layer answers once for the whole sound, so it has no form: choose another layer.');
    const curves = await Promise.all(places.map(number => askJson(new URL(`curve.json?${new URLSearchParams({
      shape, number: String(number), count: String(targets.length), seconds: String(seconds), tempo: tempo.value.replace(',', '.'),
      seed: String(Math.floor(Math.random() * MOST_SEED)),
    })}`, baseUrl))));
    if (state.recipe.targets !== targets) return;
    state.set({ curves: targets.map((_, at) => curves[places.indexOf(at)] ?? state.recipe.curves?.[at] ?? []) });
  };
  for (const [shape, label, hint] of SHAPES) {
    shapes.append(makeButton({ class: 'pill', 'data-shape': shape, 'data-hint': hint }, complaining(() => shaped(shape)), label));
    if (shape === 'pulse') shapes.append(make('label', {}, tempo, ' BPM'));
  }
  shapes.append(
    makeButton({ class: 'pill', id: 'lane-drop', 'data-hint': 'Takes the point away that was touched last (Delete).' }, () => lanes[chosen]?.drop(), 'Delete point'),
    makeButton({ class: 'pill', id: 'lanes-none', 'data-hint': 'Every layer or map counts alike throughout.' }, () => state.set({ curves: [] }), 'None'),
  );

  const show = () => {
    const { targets, curves = [], seconds, texture } = state.recipe;
    while (lanes.length > targets.length) lanes.pop()?.element.remove();
    while (lanes.length < targets.length) {
      const index = lanes.length;
      const lane = new Lane({ put: curve => put(index, curve), chosen: () => choose(index), seconds: () => state.recipe.seconds });
      lanes.push(lane);
      rows.append(lane.element);
    }
    chosen = Math.min(chosen, targets.length - 1);
    for (const [index, lane] of lanes.entries()) {
      const { targets: label } = describe(state, { ...state.recipe, targets: [targets[index]] });
      lane.show(curves[index] ?? [], isOutput(index) ? `${label}: answers once for the whole sound, no form` : label, seconds, isOutput(index));
    }
    choose(chosen);
    const used = curves.some(curve => curve.length);
    if (used) fold.open = true;
    find(fold, '#lanes-none', HTMLButtonElement).disabled = !used;
    advice.hidden = !used || texture !== 'peaked';
  };
  /** @param {number} index */
  const choose = index => {
    chosen = index;
    for (const [at, lane] of lanes.entries()) lane.element.classList.toggle('chosen', at === index && lanes.length > 1);
  };
  advice.append('A peaked texture may gather in one burst all the same. ', makeButton({ class: 'pill', id: 'lanes-even' }, () => state.set({ texture: 'even' }), 'Make it even'));
  state.watch(['curves', 'targets', 'dataset', 'architecture', 'seconds', 'texture'], show);
  drawAgain(rows, () => lanes.forEach(lane => lane.draw()), signal);
}

/** One curve: a drawing, and a button for each point. */
class Lane {
  /** @type {Curve} */
  curve = [];
  #touched = -1;
  #still = false;

  /** @param {{ put: (curve: Curve) => void, chosen: () => void, seconds: () => number }} given */
  constructor(given) {
    this.given = given;
    this.canvas = make('canvas', { 'aria-hidden': 'true' });
    this.label = make('span', { class: 'lane-name', 'aria-hidden': 'true' });
    this.points = make('div', { class: 'points' });
    this.more = makeButton({ class: 'ghost lane-add' }, () => this.#edit(added(this.curve, 0.5)), '+');
    this.element = make('div', { class: 'lane', role: 'group' }, this.canvas, this.label, this.points, this.more);
    this.element.addEventListener('pointerdown', event => this.#grasp(event));
    this.element.addEventListener('dblclick', () => this.drop());
    this.element.addEventListener('focusin', () => given.chosen());
    this.points.addEventListener('keydown', event => this.#key(event));
  }

  /**
   * @param {Curve} curve
   * @param {string} name
   * @param {number} length  seconds
   * @param {boolean} still  it has no form
   */
  show(curve, name, length, still) {
    this.curve = curve;
    this.#still = still;
    this.label.textContent = name;
    this.element.setAttribute('aria-label', `Form of ${name}`);
    this.more.setAttribute('aria-label', `Add a point to the form of ${name}`);
    this.more.hidden = still;
    this.#touched = Math.min(this.#touched, curve.length - 1);
    while (this.points.children.length > curve.length) this.points.lastChild?.remove();
    while (this.points.children.length < curve.length) {
      const index = this.points.children.length;
      const point = make('button', { type: 'button', class: 'point' });
      point.addEventListener('focus', () => this.#touch(index));
      this.points.append(point);
    }
    for (const [index, point] of [...this.points.children].entries()) {
      const [time, value] = curve[index];
      /** @type {HTMLElement} */ (point).style.cssText = `left:${100 * time}%;top:${100 * (1 - value)}%`;
      point.setAttribute('aria-label', `Point ${index + 1} of ${curve.length}: at ${inSeconds(time * length)}, ${Math.round(100 * value)} %. Arrows move it, Enter adds one behind it, Delete takes it away.`);
    }
    this.#touch(this.#touched);
    this.draw();
  }

  draw() {
    if (!this.element.clientWidth) return;
    const { context, width, height, dense } = fitClear(this.canvas);
    /** @param {number} value */
    const y = value => (1 - value) * (height - 2 * dense) + dense;
    context.beginPath();
    context.moveTo(0, y(valueAt(this.curve, 0)));
    for (const [time, value] of this.curve) context.lineTo(time * width, y(value));
    context.lineTo(width, y(valueAt(this.curve, 1)));
    context.strokeStyle = colour(this.curve.length ? '--accent' : '--edge');
    context.lineWidth = 1.5 * dense;
    context.setLineDash(this.curve.length ? [] : [4 * dense, 4 * dense]);
    context.stroke();
    if (!this.curve.length) return;
    context.lineTo(width, height);
    context.lineTo(0, height);
    context.globalAlpha = 0.16;
    context.fillStyle = colour('--accent');
    context.fill();
    context.globalAlpha = 1;
  }

  /** Take the point away that was touched last. */
  drop() {
    if (this.#touched >= 0) this.#edit(removed(this.curve, this.#touched));
  }

  // One point of each lane is reached by Tab, the others by Page up and down.
  /** @param {number} index */
  #touch(index) {
    this.#touched = index;
    const at = Math.max(0, index);
    for (const [place, point] of [...this.points.children].entries()) {
      /** @type {HTMLElement} */ (point).tabIndex = place === at ? 0 : -1;
      point.classList.toggle('touched', place === index);
    }
  }

  /** @param {number} index */
  #focus(index) {
    const point = this.points.children[index];
    if (point instanceof HTMLElement) point.focus({ preventScroll: true });
  }

  /** @param {Edit | null} edit */
  #edit(edit) {
    if (!edit) {
      toast(`A curve has ${MOST_POINTS} points at most: take one away first.`, { kind: 'error' });
      return;
    }
    this.#touched = edit.index;
    this.given.put(edit.curve);
    this.#focus(edit.index);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.#touched;
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const [time, value] = this.curve[at];
    const many = event.shiftKey ? STEP.many : 1;
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowLeft: () => this.#edit(moved(this.curve, at, time - many * STEP.time, value)),
      ArrowRight: () => this.#edit(moved(this.curve, at, time + many * STEP.time, value)),
      ArrowUp: () => this.#edit(moved(this.curve, at, time, value + many * STEP.value)),
      ArrowDown: () => this.#edit(moved(this.curve, at, time, value - many * STEP.value)),
      PageUp: () => this.#focus(at - 1),
      PageDown: () => this.#focus(at + 1),
      Enter: () => this.#edit(added(this.curve, (time + (this.curve[at + 1]?.[0] ?? 1)) / 2)),
      Delete: () => this.drop(),
      Backspace: () => this.drop(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  /** @param {PointerEvent} event */
  #grasp(event) {
    if (event.button || this.#still || (event.target instanceof Node && this.more.contains(event.target))) return;
    event.preventDefault();
    this.given.chosen();
    const box = this.element.getBoundingClientRect();
    /** @param {PointerEvent} moving */
    const place = moving => ({ time: (moving.clientX - box.left) / box.width, value: 1 - (moving.clientY - box.top) / box.height });
    const reach = event.pointerType === 'mouse' ? REACH.mouse : REACH.touch;
    const begin = place(event);
    const found = nearest(this.curve, begin, { ...box, width: box.width, height: box.height, reach });
    if (found >= 0) {
      this.#focus(found);
      this.#touch(found);
    } else {
      this.#edit(added(opened(this.curve), begin.time, begin.value));
    }
    const held = new AbortController();
    this.element.setPointerCapture(event.pointerId);
    this.element.addEventListener('pointermove', moving => {
      const { time, value } = place(moving);
      if (this.#touched >= 0) this.given.put(moved(this.curve, this.#touched, time, value).curve);
    }, { signal: held.signal });
    for (const end of ['pointerup', 'pointercancel']) this.element.addEventListener(end, () => held.abort(), { signal: held.signal });
  }
}
