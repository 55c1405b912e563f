// How the maps of one layer sound, in words: who is at which end of what the gallery measured.

import { LOOKS } from './hearing.js';

const THIRD = 1 / 3;

// Words to search with: a feature, and its upper or lower end.
const WORDS = {
  bright: ['brightness_mean', 1], dark: ['brightness_mean', -1],
  noisy: ['noisiness_mean', 1], tonal: ['noisiness_mean', -1],
  loud: ['loudness_mean', 1], quiet: ['loudness_mean', -1], soft: ['loudness_mean', -1],
  rough: ['roughness_mean', 1], smooth: ['roughness_mean', -1],
  pitched: ['pitchedness', 1],
};
const SYNONYMS = ['soft'];

export class MapWords {
  // `rows`: rows of the gallery by feature map.
  constructor(catalogue, rows) {
    Object.assign(this, { catalogue, rows });
    this.orders = new Map();
  }

  // Places of the layer's maps on a feature's scale, from low to high.
  sorted(name) {
    if (!this.orders.has(name)) {
      const { places } = this.catalogue.feature(name);
      this.orders.set(name, Float32Array.from(this.rows.values(), row => places[row]).sort());
    }
    return this.orders.get(name);
  }

  // Whether a word, or its beginning, fits a map: the third of the layer's maps at that end.
  is(word, map) {
    const meant = word in WORDS ? word : Object.keys(WORDS).find(known => word.length > 2 && known.startsWith(word));
    const row = this.rows.get(map);
    if (row === undefined || !meant) return false;
    const [name, end] = WORDS[meant];
    const sorted = this.sorted(name);
    const at = Math.round((end > 0 ? 1 - THIRD : THIRD) * (sorted.length - 1));
    const place = this.catalogue.feature(name).places[row];
    return end > 0 ? place >= sorted[at] : place <= sorted[at];
  }

  // All words that fit a map; none of a pair where both would.
  of(map) {
    const fitting = Object.keys(WORDS).filter(word => !SYNONYMS.includes(word) && this.is(word, map));
    const feature = word => WORDS[word][0];
    return fitting.filter(word => !fitting.some(other => other !== word && feature(other) === feature(word)));
  }

  // Facts in full: "brightness 2.3 kHz".
  facts(map) {
    const row = this.rows.get(map);
    return LOOKS.map(name => this.catalogue.feature(name)).filter(Boolean)
      .map(({ label, read, values }) => `${label.toLowerCase()} ${read(values[row])}`);
  }

  // The maps that sound most like one of them, as far as the gallery goes.
  near(map, count) {
    const own = this.rows.get(map);
    if (own === undefined) return [];
    const found = LOOKS.map(name => this.catalogue.feature(name)).filter(Boolean);
    const distance = row => found.reduce((sum, { places }) => sum + (places[row] - places[own]) ** 2, 0);
    return [...this.rows].filter(([other]) => other !== map)
      .sort((a, b) => distance(a[1]) - distance(b[1])).slice(0, count).map(([other]) => other);
  }
}
