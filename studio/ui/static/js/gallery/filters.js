// What is shown: models, layers, ranges of what is heard, words. One answer for map, count, list.

import { Emitter } from '../lib/bus.js';
import { drawAgain } from '../lib/canvas.js';
import { architectureLabel, datasetLabel, signMark } from '../lib/datasets.js';
import { findAll, finder, makeButton } from '../lib/dom.js';
import { rangeFilter } from './range-filter.js';

/** @typedef {import('../picker/catalogue.js').Catalogue} Catalogue */
/** @typedef {import('./range-filter.js').Range} Range */
/** @typedef {'dataset' | 'architecture' | 'layer'} Key */

/** @extends {Emitter<{ change: void }>} */
export class Filters extends Emitter {
  /**
   * What is wanted of each kind; none: all.
   *
   * @type {Record<Key, Set<string | number>>}
   */
  #kinds = { dataset: new Set(), architecture: new Set(), layer: new Set() };
  #words = '';
  #hides = false;
  /**
   * Some that were chosen of what was shown; null: all.
   *
   * @type {Set<number> | null}
   */
  #only = null;
  /**
   * By feature.
   *
   * @type {Map<string, Range>}
   */
  #ranges = new Map();

  /**
   * @param {HTMLElement} root
   * @param {Catalogue} catalogue
   * @param {AbortSignal} signal
   */
  constructor(root, catalogue, signal) {
    super();
    this.root = root;
    this.catalogue = catalogue;
    this.byId = finder(root);
    this.visible = new Uint8Array(catalogue.count).fill(1);
    this.shown = catalogue.count;
    this.#mountToggles('dataset', catalogue.datasets, datasetLabel);
    this.#mountToggles('architecture', catalogue.architectures, architectureLabel);
    this.#mountToggles('layer', catalogue.layers, String);
    this.histograms = catalogue.features.map(feature => {
      const histogram = rangeFilter(feature, range => {
        if (range) this.#ranges.set(feature.name, range);
        else this.#ranges.delete(feature.name);
        this.apply();
      });
      this.byId(feature.more ? 'ranges-more' : 'ranges').append(histogram.element);
      return histogram;
    });
    this.search = this.byId('gallery-search', HTMLInputElement);
    this.search.addEventListener('input', () => {
      this.#words = this.search.value.trim().toLowerCase();
      this.apply();
    });
    this.byId('filters-reset').addEventListener('click', () => this.reset());
    drawAgain(this.byId('filters'), () => this.draw(), signal);
    this.byId('ranges-more').closest('details')?.addEventListener('toggle', () => this.draw());
  }

  // How many are in use.
  get active() {
    const kinds = Object.values(this.#kinds).filter(kind => kind.size).length;
    return kinds + this.#ranges.size + [this.#words, this.#hides, this.#only].filter(Boolean).length;
  }

  reset() {
    for (const kind of Object.values(this.#kinds)) kind.clear();
    for (const button of findAll(this.root, '.toggles button')) button.setAttribute('aria-pressed', 'false');
    this.#ranges.clear();
    for (const histogram of this.histograms) histogram.reset();
    this.search.value = '';
    this.#words = '';
    this.#hides = false;
    this.apply();
  }

  /**
   * Hide sounds that are nearly the same as one that is shown, or no longer.
   *
   * @param {boolean} hides
   */
  hideNear(hides) {
    this.#hides = hides;
    this.apply(this.#only);
  }

  /**
   * Show some of what is shown, until another filter is set.
   *
   * @param {Iterable<number>} rows
   */
  only(rows) {
    this.apply(new Set(rows));
  }

  /** @param {Set<number> | null} [only] */
  apply(only = null) {
    this.#only = only;
    const { catalogue, visible } = this;
    const kinds = this.#kinds;
    const groups = catalogue.groups.map(group => /** @type {Key[]} */ (['dataset', 'architecture', 'layer'])
      .every(key => !kinds[key].size || kinds[key].has(group[key])));
    const ranges = [...this.#ranges].flatMap(([name, [from, to]]) => {
      const feature = catalogue.feature(name);
      return feature ? [{ places: feature.places, from, to }] : [];
    });
    for (let row = 0; row < catalogue.count; row += 1) {
      const fits = groups[catalogue.groupOf[row]]
        && ranges.every(({ places, from, to }) => places[row] >= from && places[row] <= to)
        && says(catalogue, row, this.#words) && (!only || only.has(row));
      visible[row] = fits ? 1 : 0;
    }
    if (this.#hides) dropNear(visible, row => catalogue.like(row));
    this.shown = visible.reduce((sum, each) => sum + each, 0);
    this.draw();
    this.byId('filters-reset').hidden = !this.active;
    this.emit('change');
  }

  draw() {
    for (const histogram of this.histograms) histogram.draw(this.visible);
  }

  /**
   * @template {string | number} Kind
   * @param {Key} key
   * @param {Kind[]} kinds
   * @param {(kind: Kind) => string} text
   */
  #mountToggles(key, kinds, text) {
    const chosen = this.#kinds[key];
    const isDataset = key === 'dataset';
    this.byId(`filter-${key}`).append(...kinds.map(kind => {
      const button = makeButton({
        'aria-pressed': 'false', class: isDataset ? `dataset ${kind}` : '', 'data-kind': kind, 'aria-label': key === 'layer' && `Layer ${kind}`,
      }, () => {
        if (!chosen.delete(kind)) chosen.add(kind);
        button.setAttribute('aria-pressed', String(chosen.has(kind)));
        this.apply();
      }, isDataset && signMark(String(kind)), text(kind));
      return button;
    }));
  }
}

/**
 * Hide those that are like another that is visible: what stands for others is like none.
 *
 * @param {Uint8Array} visible  a mask of the rows
 * @param {(row: number) => number} like  −1: none
 */
export function dropNear(visible, like) {
  for (let row = 0; row < visible.length; row += 1) {
    const other = like(row);
    if (other >= 0 && visible[other]) visible[row] = 0;
  }
}

/**
 * Whether words name a sound: "dog", "map 7", "layer 3", or its own name such as events-model2-3-7.
 *
 * @param {Pick<Catalogue, 'label' | 'group' | 'map' | 'id'>} catalogue
 * @param {number} row
 * @param {string} words  in lower case
 */
export function says(catalogue, row, words) {
  if (!words) return true;
  const text = `${catalogue.label(row)} layer ${catalogue.group(row).layer}, map ${catalogue.map(row)} ${catalogue.id(row)} `;
  const number = /^(map|layer) \d+$/.test(words);
  return text.toLowerCase().replaceAll(',', number ? ' ' : ',').includes(number ? `${words} ` : words);
}
