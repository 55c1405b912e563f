// The sounds of Experiment 2: one run at a time, another takes over at the same moment.

import { followVolume, gainOf } from '../audio/volume.js';
import { Emitter } from '../lib/bus.js';

/** @param {number} seconds */
export const clock = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** @extends {Emitter<{ change: void, move: number }>} */
export class PlayedSound extends Emitter {
  #audio = new Audio();
  #address;
  #wanted = 0;
  #asked = 0;
  #frame = 0;

  /**
   * @param {(run: string) => string} address  of a run's sound
   * @param {number} seconds  how long a sound is
   * @param {AbortSignal} signal
   */
  constructor(address, seconds, signal) {
    super();
    this.#address = address;
    this.seconds = seconds;
    this.run = '';
    this.trouble = this.#audio.canPlayType('audio/ogg; codecs=opus') ? '' : 'This browser does not play Ogg Opus sounds. Open the page in Firefox, Chrome, Edge, or Safari 18.4 or newer.';
    this.#audio.preload = 'none';
    followVolume(volume => { this.#audio.volume = gainOf(volume); }, { signal });
    signal.addEventListener('abort', () => this.pause(), { once: true });
    for (const event of ['play', 'pause', 'ended']) this.#audio.addEventListener(event, () => this.#changed());
    this.#audio.addEventListener('seeked', () => { this.#asked = 0; });
    this.#audio.addEventListener('error', () => {
      if (!this.#audio.getAttribute('src')) return;
      this.trouble = this.trouble || 'This sound cannot be read. Is the studio still running? Reload the page to try again.';
      this.#changed();
    });
  }

  get playing() {
    return !this.#audio.paused && !this.#audio.ended;
  }

  get gain() {
    return this.#audio.volume;
  }

  get position() {
    return this.#audio.readyState ? this.#audio.currentTime : this.#wanted;
  }

  /** @param {string} run */
  choose(run) {
    if (run === this.run) return;
    this.run = run;
    this.#audio.src = this.#address(run);
    this.#changed();
  }

  /**
   * @param {string} run
   * @param {number} from  in seconds
   */
  async play(run, from) {
    this.choose(run);
    this.seek(from >= this.seconds - 0.2 ? 0 : from);
    try {
      await this.#audio.play();
    } catch (error) {
      // Paused, or another run chosen, before it began: nothing is wrong.
      if (!(error instanceof DOMException && error.name === 'AbortError')) this.trouble = this.trouble || 'This sound cannot be played here.';
      this.#changed();
    }
  }

  pause() {
    if (this.playing) this.#audio.pause();
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.#wanted = seconds;
    this.#asked = 1;
    if (this.#audio.readyState) this.#audio.currentTime = seconds;
    else this.#audio.addEventListener('loadedmetadata', () => { this.#audio.currentTime = this.#wanted; }, { once: true });
  }

  #changed() {
    this.emit('change');
    if (this.playing) requestAnimationFrame(() => this.#follow());
  }

  #follow() {
    if (!this.playing) return;
    // Until the browser is there, the cursor stays where it was put.
    if (!this.#asked) this.emit('move', this.#audio.currentTime);
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#follow());
  }
}
