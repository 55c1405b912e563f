// What every picker of feature maps on the page shares: the gallery, which feature the colours show,
// and the ear. One choice for all tabs, one table, one voice.

import { readGallery } from './gallery-table.js';
import { Voice } from '../audio/voice.js';
import { recall, remember } from '../lib/memory.js';

export const LOOKS = ['brightness_mean', 'loudness_mean', 'noisiness_mean', 'roughness_mean', 'pitchedness'];
const STORE = 'studio-maps';

class Hearing extends EventTarget {
  constructor() {
    super();
    this.catalogue = null;
    this.voice = null;
    this.look = LOOKS[0];
    const kept = recall(STORE, {});
    if (LOOKS.includes(kept.look) || kept.look === '') this.look = kept.look;
    this.on = kept.hearing !== false;
  }

  async load(baseUrl) {
    const { catalogue, version } = await readGallery(baseUrl);
    if (catalogue === this.catalogue) return;
    Object.assign(this, { catalogue, version, voice: null, folder: new URL('gallery/sounds/', baseUrl) });
    this.#tell('change');
  }

  // `look`: a feature, or '' for no colours. `on`: whether maps are heard.
  choose({ look = this.look, on = this.on }) {
    Object.assign(this, { look, on });
    if (!on) this.voice?.stop();
    remember(STORE, { look, hearing: on });
    this.#tell('change');
  }

  // Play a row of the gallery at a share of the volume, and fetch what is likely to be wanted next.
  async hear(row, share, next) {
    if (!this.voice) {
      this.voice = new Voice(this.catalogue, this.folder, this.version);
      this.voice.addEventListener('change', () => this.#tell('playing'));
    }
    this.voice.setShare(share);
    await this.voice.hear(row);
    this.voice.prefetch(next);
  }

  #tell(type) {
    this.dispatchEvent(new Event(type));
  }
}

export const hearing = new Hearing();
