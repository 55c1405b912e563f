// What the gallery knows of a layer's maps, on the tiles of a picker: as a colour, in words, to the ear.

import { Emitter, bus } from '../lib/bus.js';
import { palette, shade } from '../lib/canvas.js';
import { closest, finder, valueOf } from '../lib/dom.js';
import { complain } from '../lib/toast.js';
import { hearing } from './hearing.js';
import { MapWords } from './mapwords.js';

const ALIKE = 8; // how many maps sound "like" one
const STEP_BACK = 0.12; // what else plays, while a map is listened to
const [DARKEST, LIGHTEST] = [0.16, 0.94]; // of the scale: its ends are the page's own ground
const BLACK_ON = 0.179; // above this relative luminance, black is read better than white

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./view.js').View} View */

/**
 * 'change': the gallery, the feature that is shown, the colours, or whether maps are heard.
 * 'sift': other maps are to be shown.
 *
 * @extends {Emitter<{ change: void, sift: void }>}
 */
export class MapSounds extends Emitter {
  heard = 0;
  /** Of the page's volume, 0…1. */
  share = 1;
  /**
   * Maps that alone are shown (see alike.js).
   *
   * @type {Set<number> | null}
   */
  only = null;
  /** @type {import('./catalogue.js').Feature | null} */
  #feature = null;
  #low = 0;
  #high = 1;
  /** @type {{ key: string, words: MapWords } | null} */
  #known = null;

  /**
   * @param {HTMLElement} root
   * @param {State} state
   * @param {View} view
   * @param {object} options
   * @param {(share: number) => void} options.stepBack  turns down what else plays in this tab
   * @param {AbortSignal} options.signal
   * @param {string} [options.prefix]  keeps the ids of two tabs apart
   */
  constructor(root, state, view, { stepBack, signal, prefix = '' }) {
    super();
    this.state = state;
    this.view = view;
    this.byId = finder(root, prefix);
    this.#mountChoices();
    this.#mountHearing(this.byId('maps'));
    hearing.on('change', () => this.#changed(), { signal });
    hearing.on('playing', () => stepBack(hearing.voice?.playing ? STEP_BACK : 1), { signal });
    bus.on('theme', () => this.#changed(), { signal });
    this.#changed();
  }

  /**
   * Later than the page itself: nobody waits for colours.
   *
   * @param {URL} baseUrl
   */
  load(baseUrl) {
    return hearing.load(baseUrl);
  }

  get catalogue() {
    return hearing.catalogue;
  }

  get voice() {
    return hearing.voice;
  }

  get there() {
    return this.rows.size > 0;
  }

  // Rows of the gallery by feature map, of the layer that is looked at.
  get rows() {
    return this.words.rows;
  }

  get words() {
    return this.#wordsOf(this.view.layer);
  }

  // Once for a layer: its own range, so that its maps differ, with the numbers beside it.
  begin() {
    const { there, words } = this;
    this.byId('maps-look').hidden = !there;
    this.byId('maps').classList.toggle('coloured', there && hearing.look !== '');
    this.#feature = (there && hearing.look && this.catalogue?.feature(hearing.look)) || null;
    this.byId('maps-scale').hidden = !this.#feature;
    if (!this.#feature) return;
    const places = words.sorted(hearing.look);
    [this.#low, this.#high] = [places[0], places[places.length - 1]];
    this.byId('maps-ramp').style.background = `linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map(part => shade(palette(), onScale(part))).join(', ')})`;
    const { read, value, label } = this.#feature;
    this.byId('maps-low').textContent = read(value(this.#low));
    this.byId('maps-high').textContent = read(value(this.#high));
    this.byId('maps-ramp').setAttribute('aria-label', `${label}: low to high`);
  }

  /**
   * A tile's colour, and what it says when it is pointed at or read out.
   *
   * @param {HTMLElement} tile
   * @param {number} map
   * @param {string} name
   */
  dress(tile, map, name) {
    const row = this.rows.get(map);
    tile.style.background = tile.style.color = '';
    delete tile.dataset.hint;
    tile.setAttribute('aria-label', [name, ...(row === undefined ? [] : this.words.of(map))].join(', '));
    if (row === undefined) return;
    tile.dataset.hint = `${tile.title || name}: ${this.words.facts(map).join(', ')}.`;
    if (!this.#feature) return;
    const part = onScale((this.#feature.places[row] - this.#low) / Math.max(1e-9, this.#high - this.#low));
    tile.style.background = shade(palette(), part);
    tile.style.color = luminance(palette(), part) > BLACK_ON ? '#000' : '#fff';
  }

  /**
   * "bright quiet", "noisy", a class, a number: every word must fit. "like 7": what sounds like map 7.
   *
   * @param {string} text
   * @returns {(map: number, name: string) => boolean}
   */
  finder(text) {
    const { words } = this;
    const [, wanted] = text.match(/^like\s+(\d+)$/) || [];
    if (wanted) {
      const found = new Set([Number(wanted), ...words.near(Number(wanted), ALIKE)]);
      return map => found.has(map);
    }
    const asked = text.split(/[\s,]+/).filter(word => word && word !== 'and');
    return (map, name) => asked.every(word => name.includes(word) || word === String(map) || words.is(word, map));
  }

  /**
   * The maps of a layer that sound most like one of them.
   *
   * @param {number} layer
   * @param {number} map
   * @param {number} count
   */
  near(layer, map, count) {
    return this.#wordsOf(layer).near(map, count);
  }

  /** @param {number | null} map */
  async hear(map) {
    const row = map === null ? undefined : this.rows.get(map);
    if (row === undefined || map === null) return;
    await this.hearRow(row, [1, -1, 2, -2, 3].flatMap(step => this.rows.get(map + step) ?? []));
  }

  /**
   * Any sound of the gallery, if hearing is on.
   *
   * @param {number} row
   * @param {number[]} [next]  rows that are likely to be wanted then
   */
  async hearRow(row, next = []) {
    if (!hearing.audible) return;
    this.heard += 1;
    try {
      await hearing.hear(row, this.share, next);
    } catch (error) {
      complain(error);
    }
  }

  /** @param {number} layer */
  #wordsOf(layer) {
    const { catalogue } = this;
    const { dataset, architecture } = this.state.recipe;
    const key = `${dataset}-${architecture}-${layer}`;
    if (this.#known?.key !== key || this.#known.words.catalogue !== catalogue) {
      const rows = new Map();
      const count = catalogue ? this.state.layers[layer].channels : 0;
      for (let map = 0; map < count; map += 1) {
        const row = catalogue?.find(`${key}-${map}`);
        if (row !== undefined) rows.set(map, row);
      }
      this.#known = { key, words: new MapWords(catalogue, rows) };
    }
    return this.#known.words;
  }

  #changed() {
    this.byId('maps-feature', HTMLSelectElement).value = hearing.look;
    this.byId('maps-hear').setAttribute('aria-pressed', String(hearing.audible));
    this.emit('change');
  }

  #mountChoices() {
    this.byId('maps-feature').addEventListener('change', event => hearing.choose({ look: valueOf(event) }));
    this.byId('maps-hear').addEventListener('click', () => hearing.choose({ heard: !hearing.audible }));
  }

  /** @param {HTMLElement} grid */
  #mountHearing(grid) {
    /** @param {Event} event */
    const mapOf = event => {
      const tile = closest(event, '.tile');
      return tile ? Number(tile.dataset.map) : null;
    };
    /** @type {number | null} */
    let pointed = null;
    grid.addEventListener('pointerover', event => {
      const map = mapOf(event);
      if (event.pointerType === 'touch' || map === pointed) return;
      pointed = map;
      this.hear(map);
    });
    grid.addEventListener('pointerleave', () => {
      pointed = null;
    });
    grid.addEventListener('focusin', event => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) this.hear(mapOf(event));
    });
    // A finger does not hover: a tap takes and plays.
    grid.addEventListener('click', event => {
      if (event instanceof PointerEvent && event.pointerType === 'touch') this.hear(mapOf(event));
    });
  }
}

/** @param {number} part  0…1, from the lowest to the highest of a layer */
const onScale = part => DARKEST + part * (LIGHTEST - DARKEST);

/**
 * Relative luminance of a place on a colour scale, as the contrast rules of the Web have it.
 *
 * @param {Uint8Array} table
 * @param {number} part
 */
function luminance(table, part) {
  const at = 3 * Math.round(part * 255);
  const [red, green, blue] = [...table.subarray(at, at + 3)].map(value => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
