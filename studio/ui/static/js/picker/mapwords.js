// How the maps of one layer sound, in words: who is at which end of what the gallery measured.

import { LOOKS } from './hearing.js';

const THIRD = 1 / 3;

/**
 * Words to search with: a feature, and its upper or lower end.
 *
 * @type {Record<string, [feature: string, end: 1 | -1]>}
 */
const WORDS = {
  bright: ['brightness_mean', 1], dark: ['brightness_mean', -1],
  noisy: ['noisiness_mean', 1], tonal: ['noisiness_mean', -1],
  loud: ['loudness_mean', 1], quiet: ['loudness_mean', -1], soft: ['loudness_mean', -1],
  rough: ['roughness_mean', 1], smooth: ['roughness_mean', -1],
  pitched: ['pitchedness', 1],
};
const SYNONYMS = ['soft'];

/** @typedef {import('./catalogue.js').Catalogue} Catalogue */
/** @typedef {import('./catalogue.js').Feature} Feature */

export class MapWords {
  /** @type {Map<string, Float32Array>} */
  #orders = new Map();

  /**
   * @param {Pick<Catalogue, 'feature'> | null} catalogue  null where there is no gallery
   * @param {Map<number, number>} rows  rows of the gallery by feature map
   */
  constructor(catalogue, rows) {
    this.catalogue = catalogue;
    this.rows = rows;
  }

  /**
   * Places of the layer's maps on a feature's scale, from low to high.
   *
   * @param {string} name
   */
  sorted(name) {
    let order = this.#orders.get(name);
    if (!order) {
      const places = this.catalogue?.feature(name)?.places || new Float32Array();
      order = Float32Array.from(this.rows.values(), row => places[row]).sort();
      this.#orders.set(name, order);
    }
    return order;
  }

  /**
   * Whether a word, or its beginning, fits a map: the third of the layer's maps at that end.
   *
   * @param {string} word
   * @param {number} map
   */
  is(word, map) {
    const meant = word in WORDS ? word : Object.keys(WORDS).find(known => word.length > 2 && known.startsWith(word));
    const row = this.rows.get(map);
    if (row === undefined || !meant) return false;
    const [name, end] = WORDS[meant];
    const place = this.catalogue?.feature(name)?.places[row];
    if (place === undefined) return false;
    const sorted = this.sorted(name);
    const edge = sorted[Math.round((end > 0 ? 1 - THIRD : THIRD) * (sorted.length - 1))];
    return end > 0 ? place >= edge : place <= edge;
  }

  /**
   * All words that fit a map; none of a pair where both would.
   *
   * @param {number} map
   */
  of(map) {
    const fitting = Object.keys(WORDS).filter(word => !SYNONYMS.includes(word) && this.is(word, map));
    /** @param {string} word */
    const feature = word => WORDS[word][0];
    return fitting.filter(word => !fitting.some(other => other !== word && feature(other) === feature(word)));
  }

  /**
   * Facts in full: "brightness 2.3 kHz".
   *
   * @param {number} map
   */
  facts(map) {
    const row = this.rows.get(map);
    if (row === undefined) return [];
    return this.#features.map(({ label, read, values }) => `${label.toLowerCase()} ${read(values[row])}`);
  }

  /**
   * The maps that sound most like one of them, as far as the gallery goes.
   *
   * @param {number} map
   * @param {number} count
   */
  near(map, count) {
    const own = this.rows.get(map);
    if (own === undefined) return [];
    const found = this.#features;
    /** @param {number} row */
    const distance = row => found.reduce((sum, { places }) => sum + (places[row] - places[own]) ** 2, 0);
    return [...this.rows].filter(([other]) => other !== map)
      .sort((a, b) => distance(a[1]) - distance(b[1])).slice(0, count).map(([other]) => other);
  }

  /** @returns {Feature[]} */
  get #features() {
    return LOOKS.flatMap(name => this.catalogue?.feature(name) || []);
  }
}
