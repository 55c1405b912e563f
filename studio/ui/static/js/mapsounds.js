// What the gallery knows of a layer's maps: how each one sounds, as a colour, in words, to the ear.

import { readGallery } from './gallery/table.js';
import { Voice } from './gallery/voice.js';
import { colour } from './scope.js';
import { colours } from './spectrum.js';
import { complain } from './toast.js';

const LOOKS = ['brightness_mean', 'loudness_mean', 'noisiness_mean', 'roughness_mean', 'pitchedness'];
const STORE = 'studio-maps';
const THIRD = 1 / 3;
const ALIKE = 8; // how many maps sound "like" one
const [DARKEST, LIGHTEST] = [0.16, 0.94]; // of the scale: its ends are the page's own ground

// Words to search with: a feature, and its upper or lower end.
const WORDS = {
  loud: ['loudness_mean', 1], quiet: ['loudness_mean', -1], soft: ['loudness_mean', -1],
  bright: ['brightness_mean', 1], dark: ['brightness_mean', -1],
  noisy: ['noisiness_mean', 1], tonal: ['noisiness_mean', -1],
  rough: ['roughness_mean', 1], smooth: ['roughness_mean', -1],
  pitched: ['pitchedness', 1],
};

export class MapSounds extends EventTarget {
  constructor(root, state, view, player, home) {
    super();
    Object.assign(this, { state, view, player, home });
    this.find = id => root.querySelector(`#${id}`);
    this.heard = 0;
    this.look = LOOKS[0];
    this.hearing = true;
    this.only = null; // maps that alone are shown (see alike.js)
    try {
      const kept = JSON.parse(localStorage.getItem(STORE) || '{}');
      if (LOOKS.includes(kept.look) || kept.look === '') this.look = kept.look;
      this.hearing = kept.hearing !== false;
    } catch { /* private mode */ }
    this.#mountChoices();
    this.#mountHearing(this.find('maps'));
    window.addEventListener('studio-theme', () => this.#changed());
  }

  // Later than the page itself: nobody waits for colours.
  async load() {
    const { catalogue, version } = await readGallery(this.home);
    Object.assign(this, { catalogue, version });
    this.#changed();
  }

  get there() {
    return this.rows.size > 0;
  }

  // Rows of the gallery by feature map, of the layer that is looked at.
  get rows() {
    const { dataset, architecture } = this.state.recipe;
    const key = `${dataset}-${architecture}-${this.view.layer}`;
    if (this.known?.key !== key || this.known.catalogue !== this.catalogue) {
      const rows = new Map();
      const count = this.catalogue ? this.state.layers[this.view.layer].channels : 0;
      for (let map = 0; map < count; map += 1) {
        const row = this.catalogue.find(`${key}-${map}`);
        if (row !== undefined) rows.set(map, row);
      }
      this.known = { key, catalogue: this.catalogue, rows };
    }
    return this.known.rows;
  }

  // Once for a layer: its own range, so that its maps differ, with the numbers beside it.
  begin() {
    const { there } = this;
    this.find('maps-look').hidden = !there;
    this.find('maps').classList.toggle('coloured', there && this.look !== '');
    this.feature = there && this.look ? this.catalogue.feature(this.look) : null;
    this.find('maps-scale').hidden = !this.feature;
    if (!this.feature) return;
    const places = this.#sorted(this.look);
    [this.low, this.high] = [places[0], places.at(-1)];
    const stops = colour('--heat').split(/\s+/);
    this.table = colours(stops);
    const rgb = part => `rgb(${this.#rgb(part).join(' ')})`;
    this.find('maps-ramp').style.background = `linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map(rgb).join(', ')})`;
    const { read, value, label } = this.feature;
    this.find('maps-low').textContent = read(value(this.low));
    this.find('maps-high').textContent = read(value(this.high));
    this.find('maps-ramp').setAttribute('aria-label', `${label}: low to high`);
  }

  // A tile's colour, and what it says when it is pointed at.
  dress(tile, map) {
    const row = this.rows.get(map);
    for (const name of ['background', 'color']) tile.style[name] = '';
    delete tile.dataset.hint;
    if (row === undefined) return;
    const facts = LOOKS.map(name => this.catalogue.feature(name)).filter(Boolean)
      .map(({ label, read, values }) => `${label.toLowerCase()} ${read(values[row])}`);
    tile.dataset.hint = `${tile.title || `Map ${map}`}: ${facts.join(', ')}.`;
    if (!this.feature) return;
    const part = (this.feature.places[row] - this.low) / Math.max(1e-9, this.high - this.low);
    const [red, green, blue] = this.#rgb(part);
    tile.style.background = `rgb(${red} ${green} ${blue})`;
    tile.style.color = luminance(red, green, blue) > 0.179 ? '#000' : '#fff';
  }

  // "bright quiet", "noisy", a class, a number: every word must fit. "like 7": what sounds like map 7.
  finder(text, layer) {
    const [, wanted] = text.match(/^like\s+(\d+)$/) || [];
    if (wanted) {
      const found = new Set([Number(wanted), ...this.near(layer, Number(wanted), ALIKE)]);
      return map => found.has(map);
    }
    const words = text.split(/[\s,]+/).filter(word => word && word !== 'and');
    return (map, name) => words.every(word => name.includes(word) || word === String(map) || this.#is(word, map));
  }

  // The maps of a layer that sound most like one of them, as far as the gallery goes.
  near(layer, map, count) {
    const { dataset, architecture } = this.state.recipe;
    const rowOf = other => this.catalogue?.find(`${dataset}-${architecture}-${layer}-${other}`);
    const own = rowOf(map);
    if (own === undefined) return [];
    const found = LOOKS.map(name => this.catalogue.feature(name)).filter(Boolean);
    const distance = row => found.reduce((sum, { places }) => sum + (places[row] - places[own]) ** 2, 0);
    return Array.from({ length: this.state.layers[layer].channels }, (_, other) => [other, rowOf(other)])
      .filter(([other, row]) => other !== map && row !== undefined)
      .sort((a, b) => distance(a[1]) - distance(b[1])).slice(0, count).map(([other]) => other);
  }

  async hear(map) {
    const row = this.rows.get(map);
    if (await this.hearRow(row)) this.#ahead(map);
  }

  // Any sound of the gallery, if hearing is on; tells whether it was.
  async hearRow(row) {
    if (row === undefined || !this.hearing) return false;
    try {
      await this.#voice().hear(row);
      this.heard += 1;
      return true;
    } catch (error) {
      complain(error);
      return false;
    }
  }

  #ahead(map) {
    const near = [1, -1, 2, -2, 3].map(step => this.rows.get(map + step));
    this.voice.prefetch(near.filter(row => row !== undefined));
  }

  #voice() {
    if (this.voice?.catalogue !== this.catalogue) {
      this.voice = new Voice(this.catalogue, new URL('gallery/sounds/', this.home), this.version);
      // What plays already steps back while a map is listened to.
      this.voice.addEventListener('change', () => this.player.duck(this.voice.playing ? 0.12 : 1));
    }
    return this.voice;
  }

  #is(word, map) {
    const row = this.rows.get(map);
    const [name, end] = WORDS[word] || Object.entries(WORDS).find(([known]) => word.length > 2 && known.startsWith(word))?.[1] || [];
    if (row === undefined || !name) return false;
    const sorted = this.#sorted(name);
    const at = Math.round((end > 0 ? 1 - THIRD : THIRD) * (sorted.length - 1));
    const place = this.catalogue.feature(name).places[row];
    return end > 0 ? place >= sorted[at] : place <= sorted[at];
  }

  #sorted(name) {
    const { places } = this.catalogue.feature(name);
    return Float32Array.from(this.rows.values(), row => places[row]).sort();
  }

  #rgb(part) {
    const at = Math.round((DARKEST + part * (LIGHTEST - DARKEST)) * 255) * 3;
    return [this.table[at], this.table[at + 1], this.table[at + 2]];
  }

  #changed() {
    this.find('maps-feature').value = this.look;
    this.find('maps-hear').setAttribute('aria-pressed', String(this.hearing));
    this.dispatchEvent(new Event('change'));
  }

  #mountChoices() {
    const keep = () => {
      try {
        localStorage.setItem(STORE, JSON.stringify({ look: this.look, hearing: this.hearing }));
      } catch { /* private mode */ }
      this.#changed();
    };
    this.find('maps-feature').addEventListener('change', event => {
      this.look = event.target.value;
      keep();
    });
    this.find('maps-hear').addEventListener('click', () => {
      this.hearing = !this.hearing;
      if (!this.hearing) this.voice?.stop();
      keep();
    });
  }

  #mountHearing(grid) {
    const mapOf = event => {
      const tile = event.target.closest('.tile');
      return tile ? Number(tile.dataset.map) : null;
    };
    let pointed = null;
    grid.addEventListener('pointerover', event => {
      const map = mapOf(event);
      if (event.pointerType === 'touch' || map === pointed) return;
      pointed = map;
      if (map !== null) this.hear(map);
    });
    grid.addEventListener('pointerleave', () => {
      pointed = null;
    });
    grid.addEventListener('focusin', event => {
      if (event.target.matches(':focus-visible')) this.hear(mapOf(event));
    });
    // A finger does not hover: a tap takes and plays.
    grid.addEventListener('click', event => event.pointerType === 'touch' && this.hear(mapOf(event)));
  }
}

// Relative luminance, as the contrast rules of the Web have it.
function luminance(...rgb) {
  const [red, green, blue] = rgb.map(value => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
