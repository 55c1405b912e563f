// The feature maps of a layer as tiles: a click takes one, Mix (or Shift) takes several with
// weights. What is taken stands below as chips.

import { closest, findAll, finder, make } from '../lib/dom.js';
import { mountChips } from './chips.js';

const FEW = 64; // maps that need no search by number

/** @typedef {import('./mapsounds.js').MapSounds} MapSounds */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./view.js').View} View */

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {View} view
 * @param {MapSounds} sounds  how the maps sound
 * @param {string} [prefix]  keeps the ids of two tabs apart
 */
export function mountMaps(root, state, view, sounds, prefix = '') {
  const byId = finder(root, prefix);
  const grid = byId('maps');
  const search = byId('map-search', HTMLInputElement);
  const all = byId('maps-all');
  const several = byId('maps-several');
  const title = byId('maps-label');
  const none = byId('maps-none');
  const tiles = () => findAll(grid, '.tile');

  const build = () => {
    const layer = state.layers[view.layer];
    const names = state.names(view.layer);
    title.textContent = names ? 'Classes' : 'Feature maps';
    sounds.begin();
    search.hidden = !names && layer.channels <= FEW && !sounds.there;
    search.value = '';
    grid.classList.toggle('named', Boolean(names));
    grid.replaceChildren(...Array.from({ length: layer.channels }, (_, map) => tile(map, names?.[map])));
    none.hidden = true;
    mark();
    const taken = tiles().find(button => button.getAttribute('aria-selected') === 'true');
    grid.scrollTop = taken ? taken.offsetTop - grid.clientHeight / 2 : 0;
  };
  /**
   * @param {number} map
   * @param {string} [name]
   */
  const tile = (map, name) => {
    const button = make('button', {
      type: 'button', class: 'tile', 'data-map': map, tabindex: -1, role: 'option', title: name && `${name} (map ${map})`,
    }, name || String(map));
    dress(button);
    return button;
  };
  /** @param {HTMLElement} button */
  const dress = button => {
    const map = Number(button.dataset.map);
    const name = state.names(view.layer)?.[map];
    sounds.dress(button, map, name ? `${name}, map ${map}` : `Map ${map}`);
  };
  const mark = () => {
    const taken = new Set(state.recipe.targets.filter(([layer]) => layer === view.layer).map(([, map]) => map));
    all.setAttribute('aria-pressed', String(taken.has(null)));
    /** @type {HTMLElement | null} */
    let first = null;
    for (const button of tiles()) {
      const on = taken.has(Number(button.dataset.map));
      button.setAttribute('aria-selected', String(on));
      button.tabIndex = -1;
      if (on && !first) first = button;
    }
    const entry = first || tiles()[0];
    if (entry) entry.tabIndex = 0;
  };
  grid.addEventListener('click', event => {
    const button = closest(event, '.tile');
    if (!button) return;
    const adding = view.several || event.shiftKey || event.ctrlKey || event.metaKey;
    if (adding && !view.several) view.setSeveral(true);
    view.toggle(view.layer, Number(button.dataset.map), adding);
  });
  grid.addEventListener('keydown', event => walk(event, tiles()));
  const sift = () => {
    const wanted = search.value.trim().toLowerCase();
    const fits = sounds.finder(wanted);
    let left = 0;
    for (const button of tiles()) {
      const name = button.textContent?.toLowerCase() || '';
      const map = Number(button.dataset.map);
      const sought = wanted === '' || name.includes(wanted) || button.dataset.map === wanted || fits(map, name);
      button.hidden = !sought || sounds.only?.has(map) === false;
      left += button.hidden ? 0 : 1;
    }
    none.hidden = left > 0;
  };
  search.addEventListener('input', sift);
  sounds.on('sift', sift);
  sounds.on('change', () => {
    sounds.begin();
    search.hidden = search.hidden && !sounds.there;
    tiles().forEach(dress);
  });
  all.addEventListener('click', () => view.toggle(view.layer, null, view.several));
  several.addEventListener('click', () => view.setSeveral(!view.several));
  view.on('several', () => several.setAttribute('aria-pressed', String(view.several)));
  several.setAttribute('aria-pressed', String(view.several));
  view.on('layer', build);
  state.watch(['dataset', 'architecture'], build);
  state.watch(['targets'], mark);
  mountChips(byId('chips'), state, view);
}

/**
 * Arrow keys walk over the tiles that are shown.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} all
 */
function walk(event, all) {
  const tiles = all.filter(button => !button.hidden);
  const at = tiles.findIndex(button => button === document.activeElement);
  if (at < 0) return;
  const perRow = tiles.filter(button => button.offsetTop === tiles[0].offsetTop).length;
  /** @type {Record<string, number>} */
  const places = {
    ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + perRow, ArrowUp: at - perRow, Home: 0, End: tiles.length - 1,
  };
  const next = tiles[places[event.key]];
  if (!next) return;
  event.preventDefault();
  tiles[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
