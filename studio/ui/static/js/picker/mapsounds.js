// What the gallery knows of a layer's maps, on the tiles of a picker: as a colour, in words, to the ear.

import { hearing } from './hearing.js';
import { MapWords } from './mapwords.js';
import { colour } from '../lib/canvas.js';
import { colours } from '../audio/spectrum.js';
import { complain } from '../lib/toast.js';

const ALIKE = 8; // how many maps sound "like" one
const STEP_BACK = 0.12; // what else plays, while a map is listened to
const [DARKEST, LIGHTEST] = [0.16, 0.94]; // of the scale: its ends are the page's own ground

export class MapSounds extends EventTarget {
  // `stepBack(share)` turns down what else plays in this tab; `prefix` keeps the ids of two tabs apart.
  constructor(root, state, view, { stepBack, prefix = '' }) {
    super();
    Object.assign(this, { state, view });
    this.find = id => root.querySelector(`#${prefix}${id}`);
    this.heard = 0;
    this.share = 1;
    this.only = null; // maps that alone are shown (see alike.js)
    this.#mountChoices();
    this.#mountHearing(this.find('maps'));
    hearing.addEventListener('change', () => this.#changed());
    hearing.addEventListener('playing', () => stepBack(hearing.voice.playing ? STEP_BACK : 1));
    window.addEventListener('studio-theme', () => this.#changed());
    this.#changed();
  }

  // Later than the page itself: nobody waits for colours.
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
    this.find('maps-look').hidden = !there;
    this.find('maps').classList.toggle('coloured', there && hearing.look !== '');
    this.feature = there && hearing.look ? this.catalogue.feature(hearing.look) : null;
    this.find('maps-scale').hidden = !this.feature;
    if (!this.feature) return;
    const places = words.sorted(hearing.look);
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

  // A tile's colour, and what it says when it is pointed at or read out.
  dress(tile, map, name) {
    const row = this.rows.get(map);
    for (const property of ['background', 'color']) tile.style[property] = '';
    delete tile.dataset.hint;
    tile.setAttribute('aria-label', [name, ...(row === undefined ? [] : this.words.of(map))].join(', '));
    if (row === undefined) return;
    tile.dataset.hint = `${tile.title || name}: ${this.words.facts(map).join(', ')}.`;
    if (!this.feature) return;
    const part = (this.feature.places[row] - this.low) / Math.max(1e-9, this.high - this.low);
    const [red, green, blue] = this.#rgb(part);
    tile.style.background = `rgb(${red} ${green} ${blue})`;
    tile.style.color = luminance(red, green, blue) > 0.179 ? '#000' : '#fff';
  }

  // "bright quiet", "noisy", a class, a number: every word must fit. "like 7": what sounds like map 7.
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

  // The maps of a layer that sound most like one of them.
  near(layer, map, count) {
    return this.#wordsOf(layer).near(map, count);
  }

  async hear(map) {
    const row = this.rows.get(map);
    if (row === undefined) return;
    await this.hearRow(row, [1, -1, 2, -2, 3].map(step => this.rows.get(map + step)));
  }

  // Any sound of the gallery, if hearing is on; `next` is likely to be wanted then.
  async hearRow(row, next = []) {
    if (!hearing.on) return;
    this.heard += 1;
    try {
      await hearing.hear(row, this.share, next.filter(other => other !== undefined));
    } catch (error) {
      complain(error);
    }
  }

  #wordsOf(layer) {
    const { catalogue } = this;
    const { dataset, architecture } = this.state.recipe;
    const key = `${dataset}-${architecture}-${layer}`;
    if (this.known?.key !== key || this.known.words.catalogue !== catalogue) {
      const rows = new Map();
      const count = catalogue ? this.state.layers[layer].channels : 0;
      for (let map = 0; map < count; map += 1) {
        const row = catalogue.find(`${key}-${map}`);
        if (row !== undefined) rows.set(map, row);
      }
      this.known = { key, words: new MapWords(catalogue, rows) };
    }
    return this.known.words;
  }

  #rgb(part) {
    const at = Math.round((DARKEST + part * (LIGHTEST - DARKEST)) * 255) * 3;
    return [this.table[at], this.table[at + 1], this.table[at + 2]];
  }

  #changed() {
    this.find('maps-feature').value = hearing.look;
    this.find('maps-hear').setAttribute('aria-pressed', String(hearing.on));
    this.dispatchEvent(new Event('change'));
  }

  #mountChoices() {
    this.find('maps-feature').addEventListener('change', event => hearing.choose({ look: event.target.value }));
    this.find('maps-hear').addEventListener('click', () => hearing.choose({ on: !hearing.on }));
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
