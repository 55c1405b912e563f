// How the maps sound: the gallery's sounds behind small play buttons.

import { readGallery } from '../picker/gallery-table.js';
import { Voice } from '../audio/voice.js';
import { AGAIN, openInDream } from '../lib/opening.js';
import { complain } from '../lib/toast.js';
import { make } from '../lib/make.js';

const ICON = '<svg viewBox="0 0 24 24" aria-hidden="true"><path class="is-play" d="M8 5.5v13l10.5-6.5z"/><path class="is-pause" d="M7 7h10v10H7z"/></svg>';

export class Voices {
  constructor(root, baseUrl, defaults) {
    Object.assign(this, { root, baseUrl, defaults });
    this.voice = null;
    this.plays = 0;
    root.addEventListener('click', event => {
      const button = event.target.closest('.unit-listen');
      if (button && !button.disabled) this.#toggle(button);
    });
  }

  async load() {
    const { catalogue, version } = await readGallery(this.baseUrl);
    Object.assign(this, { catalogue, version });
  }

  row(model, layer, map) {
    return this.catalogue?.find(`${model.name}-${layer}-${map}`);
  }

  // A play button; a map that has not been dreamed yet keeps quiet.
  button(model, layer, map, name, words = '') {
    const row = this.row(model, layer, map);
    const button = make('button', { type: 'button', class: 'unit-listen', 'data-row': row ?? '', 'aria-label': `Hear the dream of ${name}`, title: row === undefined ? 'This sound is not dreamed yet.' : null });
    button.disabled = row === undefined;
    button.innerHTML = ICON;
    if (words) button.append(make('span', {}, words));
    return button;
  }

  // Set the Dream tab as for the gallery's sound of a map, or plainly for the map.
  open(model, layer, map) {
    const row = this.row(model, layer, map);
    if (row !== undefined) return openInDream(this.catalogue.recipeOf(row), AGAIN);
    const { dataset, architecture } = model;
    return openInDream({ ...this.defaults, dataset, architecture, targets: [[layer, map, 1]] }, 'Dream makes a sound that this map responds to.');
  }

  stop() {
    this.voice?.stop();
  }

  async #toggle(button) {
    const row = Number(button.dataset.row);
    if (!this.voice) {
      this.voice = new Voice(this.catalogue, new URL('gallery/sounds/', this.baseUrl), this.version);
      this.voice.addEventListener('change', () => this.#mark());
    }
    this.voice.unlock();
    if (this.voice.playing?.row === row) {
      this.voice.stop();
      return;
    }
    try {
      await this.voice.hear(row);
      this.plays += 1;
    } catch (error) {
      complain(error);
    }
  }

  #mark() {
    const playing = String(this.voice.playing?.row ?? '-');
    for (const button of this.root.querySelectorAll('.unit-listen')) button.classList.toggle('on', button.dataset.row === playing);
  }
}
