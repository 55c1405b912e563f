// Undo and redo of settings. What changes within a moment is one step: a drag, a preset.

import { Emitter } from '../lib/bus.js';
import { finder } from '../lib/dom.js';
import { typing } from '../lib/keys.js';
import { shown } from '../lib/tabs.js';

const MOST = 100;
const DRAG_MS = 400;
const MOMENT_MS = 30;

/** @typedef {import('../picker/state.js').State} State */
/** @typedef {import('../picker/state.js').Snapshot} Snapshot */

/** @extends {Emitter<{ change: void }>} */
export class History extends Emitter {
  /** @type {Snapshot[]} */
  past = [];
  /** @type {Snapshot[]} */
  future = [];
  #at = -Infinity;
  #changed = '';

  /**
   * @param {State} state
   * @param {() => number} [clock]  milliseconds
   */
  constructor(state, clock = () => performance.now()) {
    super();
    this.state = state;
    this.clock = clock;
    this.now = this.#snapshot();
    state.on('change', ({ source }) => {
      if (source !== this) this.#note();
    });
  }

  undo() {
    this.#go(this.past, this.future);
  }

  redo() {
    this.#go(this.future, this.past);
  }

  /**
   * @param {Snapshot[]} from
   * @param {Snapshot[]} to
   */
  #go(from, to) {
    const next = from.pop();
    if (!next) return;
    to.push(this.now);
    this.now = next;
    this.#at = -Infinity;
    this.state.restore(next, this);
    this.emit('change');
  }

  #note() {
    const next = this.#snapshot();
    const changed = Object.keys(next.recipe).filter(key => JSON.stringify(next.recipe[key]) !== JSON.stringify(this.now.recipe[key]));
    if (next.recording !== this.now.recording) changed.push('recording itself');
    if (next.guide !== this.now.guide) changed.push('guide itself');
    if (!changed.length) return;
    const time = this.clock();
    const passed = time - this.#at;
    const drag = passed < DRAG_MS && changed.length === 1 && changed[0] === this.#changed && changed[0] !== 'targets';
    if (!drag && passed > MOMENT_MS) {
      this.past.push(this.now);
      if (this.past.length > MOST) this.past.shift();
    }
    this.future = [];
    this.now = next;
    this.#at = time;
    this.#changed = changed.length === 1 ? changed[0] : '';
    this.emit('change');
  }

  /** @returns {Snapshot} */
  #snapshot() {
    const { recipe, recording, guide } = this.state;
    return { recipe, recording, guide };
  }
}

/**
 * @param {HTMLElement} root
 * @param {History} history
 * @param {AbortSignal} signal
 */
export function mountHistory(root, history, signal) {
  const byId = finder(root);
  const undo = byId('undo', HTMLButtonElement);
  const redo = byId('redo', HTMLButtonElement);
  const show = () => {
    undo.disabled = !history.past.length;
    redo.disabled = !history.future.length;
  };
  undo.addEventListener('click', () => history.undo());
  redo.addEventListener('click', () => history.redo());
  history.on('change', show);
  document.addEventListener('keydown', event => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !shown(root)) return;
    if (typing(event)) return; // there it takes back what was typed
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) history.undo();
    else if (key === 'y' || key === 'z') history.redo();
    else return;
    event.preventDefault();
  }, { signal });
  show();
}
