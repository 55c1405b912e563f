// How the maps sound: the gallery's sounds behind small play buttons.

import { unlock } from '../audio/context.js';
import { Voice } from '../audio/voice.js';
import { closest, findAll, icon, make } from '../lib/dom.js';
import { AGAIN, openInDream } from '../lib/opening.js';
import { complaining } from '../lib/toast.js';
import { readGallery } from '../picker/gallery-table.js';

/** @typedef {import('./inside.js').ModelReport} ModelReport */
/** @typedef {import('../lib/types.js').Recipe} Recipe */

export class Voices {
  plays = 0;
  /** @type {import('../picker/catalogue.js').Catalogue | null} */
  catalogue = null;
  /**
   * What a recipe is where nothing else is asked for.
   *
   * @type {Partial<Recipe>}
   */
  defaults = {};
  /** @type {Voice | null} */
  voice = null;
  #version = '';

  /**
   * @param {HTMLElement} root
   * @param {URL} baseUrl
   */
  constructor(root, baseUrl) {
    this.root = root;
    this.baseUrl = baseUrl;
    const toggle = complaining((/** @type {number} */ row) => this.#toggle(row));
    root.addEventListener('click', event => {
      const button = closest(event, '.unit-listen');
      if (button instanceof HTMLButtonElement && !button.disabled) toggle(Number(button.dataset.row));
    });
  }

  async load() {
    const { catalogue, version } = await readGallery(this.baseUrl);
    this.catalogue = catalogue;
    this.#version = version;
  }

  /**
   * @param {ModelReport} model
   * @param {number} layer
   * @param {number} map
   */
  row(model, layer, map) {
    return this.catalogue?.find(`${model.name}-${layer}-${map}`);
  }

  /**
   * A play button; a map that has not been dreamed yet keeps quiet.
   *
   * @param {ModelReport} model
   * @param {number} layer
   * @param {number} map
   * @param {string} name
   * @param {string} [words]
   */
  button(model, layer, map, name, words = '') {
    const row = this.row(model, layer, map);
    return make('button', {
      type: 'button', class: 'unit-listen', 'data-row': row ?? '', 'aria-label': `Hear the dream of ${name}`,
      disabled: row === undefined, title: row === undefined && 'This sound is not dreamed yet.',
    }, icon('24 24', ['is-play', 'M8 5.5v13l10.5-6.5z'], ['is-pause', 'M7 7h10v10H7z']), words && make('span', {}, words));
  }

  /**
   * Set the Dream tab as for the gallery's sound of a map, or plainly for the map.
   *
   * @param {ModelReport} model
   * @param {number} layer
   * @param {number} map
   */
  open(model, layer, map) {
    const row = this.row(model, layer, map);
    if (row !== undefined && this.catalogue) return openInDream({ recipe: this.catalogue.recipeOf(row) }, AGAIN);
    const { dataset, architecture } = model;
    return openInDream({ recipe: { ...this.defaults, dataset, architecture, targets: [[layer, map, 1]] } }, 'Dream makes a sound that this map responds to.');
  }

  stop() {
    this.voice?.stop();
  }

  /** @param {number} row */
  async #toggle(row) {
    if (!this.catalogue) return;
    if (!this.voice) {
      this.voice = new Voice(this.catalogue, new URL('gallery/sounds/', this.baseUrl), this.#version);
      this.voice.on('change', () => this.#mark());
    }
    const voice = this.voice;
    unlock();
    if (voice.playing?.row === row) {
      voice.stop();
      return;
    }
    await voice.hear(row);
    this.plays += 1;
  }

  #mark() {
    const playing = String(this.voice?.playing?.row ?? '-');
    for (const button of findAll(this.root, '.unit-listen')) button.classList.toggle('on', button.dataset.row === playing);
  }
}
