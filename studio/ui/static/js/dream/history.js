// Undo and redo of settings. What changes within a moment is one step: a drag, a preset.

const MOST = 100;
const DRAG_MS = 400;
const MOMENT_MS = 30;
const TYPING = 'input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, [contenteditable]';

export class History extends EventTarget {
  constructor(state) {
    super();
    this.state = state;
    this.past = [];
    this.future = [];
    this.now = this.#snapshot();
    this.at = -Infinity;
    state.addEventListener('change', event => event.detail.source !== this && this.#note());
  }

  undo() {
    this.#go(this.past, this.future);
  }

  redo() {
    this.#go(this.future, this.past);
  }

  #go(from, to) {
    if (!from.length) return;
    to.push(this.now);
    this.now = from.pop();
    this.at = -Infinity;
    this.state.restore(this.now, this);
    this.dispatchEvent(new Event('change'));
  }

  #note() {
    const next = this.#snapshot();
    const changed = Object.keys(next.recipe).filter(key => JSON.stringify(next.recipe[key]) !== JSON.stringify(this.now.recipe[key]));
    for (const name of ['recording', 'guide']) if (next[name] !== this.now[name]) changed.push(`${name} itself`);
    if (!changed.length) return;
    const time = performance.now();
    const passed = time - this.at;
    const drag = passed < DRAG_MS && changed.length === 1 && changed[0] === this.changed && changed[0] !== 'targets';
    if (!drag && passed > MOMENT_MS) {
      this.past.push(this.now);
      if (this.past.length > MOST) this.past.shift();
    }
    this.future = [];
    this.now = next;
    this.at = time;
    this.changed = changed.length === 1 ? changed[0] : '';
    this.dispatchEvent(new Event('change'));
  }

  #snapshot() {
    const { recipe, recording, guide } = this.state;
    return { recipe, recording, guide };
  }
}

export function mountHistory(root, history) {
  const [undo, redo] = ['undo', 'redo'].map(id => root.querySelector(`#${id}`));
  const show = () => {
    undo.disabled = !history.past.length;
    redo.disabled = !history.future.length;
  };
  undo.addEventListener('click', () => history.undo());
  redo.addEventListener('click', () => history.redo());
  history.addEventListener('change', show);
  document.addEventListener('keydown', event => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !root.offsetParent) return;
    if (event.target.matches(TYPING)) return; // there it takes back what was typed
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) history.undo();
    else if (key === 'y' || key === 'z') history.redo();
    else return;
    event.preventDefault();
  });
  show();
}
