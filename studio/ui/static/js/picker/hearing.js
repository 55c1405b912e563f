// What every picker of feature maps on the page shares: the gallery, which feature the colours show,
// and the ear. One choice for all tabs, one table, one voice.

import { Voice } from '../audio/voice.js';
import { Emitter } from '../lib/bus.js';
import { recall, remember } from '../lib/memory.js';
import { readGallery } from './gallery-table.js';

/** @typedef {import('./catalogue.js').Catalogue} Catalogue */

export const LOOKS = ['brightness_mean', 'loudness_mean', 'noisiness_mean', 'roughness_mean', 'pitchedness'];
const STORE = 'studio-maps';

/** @extends {Emitter<{ change: void, playing: void }>} */
class Hearing extends Emitter {
  /** @type {Catalogue | null} */
  catalogue = null;
  /** @type {Voice | null} */
  voice = null;
  /** The feature that colours show, or '' for no colours. */
  look = LOOKS[0];
  /** Whether maps are heard. */
  audible = true;
  /** @type {(catalogue: Catalogue) => Voice} */
  #newVoice = () => { throw new Error('there is no gallery'); };

  constructor() {
    super();
    const kept = recall(STORE, {});
    if (LOOKS.includes(kept.look) || kept.look === '') this.look = kept.look;
    this.audible = kept.hearing !== false;
  }

  /**
   * @param {URL} baseUrl
   * @param {boolean} [again]  the gallery has grown
   */
  async load(baseUrl, again = false) {
    const { catalogue, version } = await readGallery(baseUrl, again);
    if (catalogue === this.catalogue) return;
    this.catalogue = catalogue;
    this.voice = null;
    this.#newVoice = table => new Voice(table, new URL('gallery/sounds/', baseUrl), version);
    this.emit('change');
  }

  /** @param {{ look?: string, heard?: boolean }} wanted */
  choose({ look = this.look, heard = this.audible }) {
    this.look = look;
    this.audible = heard;
    if (!heard) this.voice?.stop();
    remember(STORE, { look, hearing: heard });
    this.emit('change');
  }

  /**
   * Play a row of the gallery at a share of the volume, and fetch what is likely to be wanted next.
   *
   * @param {number} row
   * @param {number} share
   * @param {number[]} next
   */
  async hear(row, share, next) {
    if (!this.catalogue) return;
    if (!this.voice) {
      this.voice = this.#newVoice(this.catalogue);
      this.voice.on('change', () => this.emit('playing'));
    }
    const { voice } = this;
    voice.setShare(share);
    await voice.hear(row);
    voice.prefetch(next);
  }
}

export const hearing = new Hearing();
