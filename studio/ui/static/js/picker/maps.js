// The feature maps of a layer as tiles: a click takes one, Mix (or Shift) takes several with
// weights. What is taken stands below as chips.

import { mountChips } from './chips.js';
import { toast } from '../lib/toast.js';

const MOST = 32;

// What the page looks at: the layer whose maps are shown, and whether clicks add or replace.
export class View extends EventTarget {
  constructor(state) {
    super();
    this.state = state;
    this.layer = state.recipe.targets[0][0];
    this.several = state.recipe.targets.length > 1;
    state.watch(['targets', 'architecture', 'dataset'], source => {
      if (source === this) return;
      const targets = state.recipe.targets;
      this.several = targets.length > 1;
      this.dispatchEvent(new Event('several'));
      if (!targets.some(([layer]) => layer === this.layer)) this.show(targets[0][0]);
    });
  }

  show(layer) {
    this.layer = layer;
    this.dispatchEvent(new Event('layer'));
  }

  chooseLayer(layer) {
    this.show(layer);
    if (this.several) return;
    const [, map] = this.state.recipe.targets[0];
    this.#move(layer, map === null ? null : Math.min(map, this.state.layers[layer].channels - 1));
  }

  setSeveral(several) {
    this.several = several;
    if (!several && this.state.recipe.targets.length > 1) {
      this.state.set({ targets: [this.state.recipe.targets.at(-1)] });
    }
    this.dispatchEvent(new Event('several'));
  }

  toggle(layer, map, adding) {
    const targets = this.state.recipe.targets;
    const at = targets.findIndex(target => target[0] === layer && target[1] === map);
    if (!adding) return this.#move(layer, map);
    if (at >= 0) return this.drop(at);
    if (targets.length >= MOST) {
      toast(`${MOST} feature maps are the most that can be mixed. Remove one first.`, { kind: 'error' });
      return null;
    }
    return this.state.set({ targets: [...targets, [layer, map, 1]] }, this);
  }

  // The last one stays: a dream needs something to dream of.
  drop(index) {
    const { targets } = this.state.recipe;
    if (targets.length > 1) this.state.set({ targets: targets.filter((_, i) => i !== index) }, this);
  }

  // Another map in the place of the one that is taken: its weight and what is asked of it stay.
  #move(layer, map) {
    const [, , ...rest] = this.state.recipe.targets.at(-1);
    this.state.set({ targets: [[layer, map, ...rest]] }, this);
  }

  weigh(index, weight) {
    const targets = this.state.recipe.targets.map((target, i) => (i === index ? [target[0], target[1], weight, ...target.slice(3)] : target));
    this.state.set({ targets }, this);
  }
}

// `sounds` (MapSounds) knows how the maps sound; `prefix` keeps the ids of two tabs apart.
export function mountMaps(root, state, view, sounds, prefix = '') {
  const grid = root.querySelector(`#${prefix}maps`);
  const search = root.querySelector(`#${prefix}map-search`);
  const all = root.querySelector(`#${prefix}maps-all`);
  const several = root.querySelector(`#${prefix}maps-several`);
  const title = root.querySelector(`#${prefix}maps-label`);
  const none = root.querySelector(`#${prefix}maps-none`);

  const build = () => {
    const layer = state.layers[view.layer];
    const names = state.names(view.layer);
    title.textContent = names ? 'Classes' : 'Feature maps';
    sounds.begin();
    search.hidden = !names && layer.channels <= 64 && !sounds.there;
    search.value = '';
    grid.classList.toggle('named', Boolean(names));
    const tiles = document.createDocumentFragment();
    for (let map = 0; map < layer.channels; map += 1) tiles.append(tile(map, names?.[map]));
    grid.replaceChildren(tiles);
    none.hidden = true;
    mark();
    const taken = grid.querySelector('[aria-selected="true"]');
    grid.scrollTop = taken ? taken.offsetTop - grid.clientHeight / 2 : 0;
  };
  const tile = (map, name) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'tile';
    button.dataset.map = map;
    button.tabIndex = -1;
    button.setAttribute('role', 'option');
    button.textContent = name || map;
    if (name) button.title = `${name} (map ${map})`;
    dress(button);
    return button;
  };
  const dress = button => {
    const map = Number(button.dataset.map);
    const name = state.names(view.layer)?.[map];
    sounds.dress(button, map, name ? `${name}, map ${map}` : `Map ${map}`);
  };
  const mark = () => {
    const taken = new Set(state.recipe.targets.filter(([layer]) => layer === view.layer).map(([, map]) => map));
    all.setAttribute('aria-pressed', String(taken.has(null)));
    let first = null;
    for (const button of grid.children) {
      const on = taken.has(Number(button.dataset.map));
      button.setAttribute('aria-selected', String(on));
      button.tabIndex = -1;
      if (on && !first) first = button;
    }
    const entry = first || grid.firstElementChild;
    if (entry) entry.tabIndex = 0;
  };
  grid.addEventListener('click', event => {
    const button = event.target.closest('.tile');
    if (!button) return;
    const adding = view.several || event.shiftKey || event.ctrlKey || event.metaKey;
    if (adding && !view.several) view.setSeveral(true);
    view.toggle(view.layer, Number(button.dataset.map), adding);
  });
  grid.addEventListener('keydown', event => walk(event, grid));
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    const fits = sounds.finder(wanted);
    let left = 0;
    for (const button of grid.children) {
      const name = button.textContent.toLowerCase();
      const named = name.includes(wanted) || button.dataset.map === wanted;
      const sought = wanted === '' || named || fits(Number(button.dataset.map), name);
      button.hidden = !sought || sounds.only?.has(Number(button.dataset.map)) === false;
      left += button.hidden ? 0 : 1;
    }
    none.hidden = left > 0;
  });
  sounds.addEventListener('change', () => {
    sounds.begin();
    search.hidden = search.hidden && !sounds.there;
    for (const button of grid.children) dress(button);
  });
  all.addEventListener('click', () => view.toggle(view.layer, null, view.several));
  several.addEventListener('click', () => view.setSeveral(!view.several));
  view.addEventListener('several', () => several.setAttribute('aria-pressed', String(view.several)));
  several.setAttribute('aria-pressed', String(view.several));
  view.addEventListener('layer', build);
  state.watch(['dataset', 'architecture'], build);
  state.watch(['targets'], mark);
  mountChips(root.querySelector(`#${prefix}chips`), state, view);
}

function walk(event, grid) {
  const tiles = [...grid.children].filter(button => !button.hidden);
  const at = tiles.indexOf(document.activeElement);
  if (at < 0) return;
  const perRow = tiles.filter(button => button.offsetTop === tiles[0].offsetTop).length;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow, ArrowUp: -perRow }[event.key];
  const next = event.key === 'Home' ? 0 : event.key === 'End' ? tiles.length - 1 : step ? at + step : NaN;
  if (!(next >= 0 && next < tiles.length)) return;
  event.preventDefault();
  tiles[at].tabIndex = -1;
  tiles[next].tabIndex = 0;
  tiles[next].focus();
}
