// One sound at a time, exchangeable while it plays: the next version takes over at the same place
// with a short cross-fade.

import { SAMPLE_RATE } from '../lib/contract.js';
import { Emitter } from '../lib/bus.js';
import { audio, glide, speakers, unlock } from './context.js';

const FADE_SECONDS = 0.03;

/** @typedef {{ source: AudioBufferSourceNode, gain: GainNode }} Voice */

/** @extends {Emitter<{ change: void }>} */
export class Player extends Emitter {
  /** @type {Float32Array<ArrayBuffer> | null} */
  samples = null;
  rate = SAMPLE_RATE;
  loop = false;
  /** How often something began to play. */
  plays = 0;
  playing = false;
  #share = 1;
  #offset = 0;
  #startedAt = 0;
  /** @type {Voice | null} */
  #voice = null;
  /** @type {Float32Array<ArrayBuffer>[]} */
  #channels = [];
  /** @type {AudioBuffer | null} */
  #buffer = null;
  /** @type {AnalyserNode | null} */
  #analyser = null;
  /** @type {GainNode | null} */
  #output = null;

  // Seconds.
  get duration() {
    return this.samples ? this.samples.length / this.rate : 0;
  }

  // Seconds from the beginning.
  get position() {
    if (!this.playing) return this.#offset;
    const passed = this.#offset + audio().currentTime - this.#startedAt;
    return this.loop && this.duration ? passed % this.duration : Math.min(passed, this.duration);
  }

  /**
   * Step back to a share of the volume while something else is listened to.
   *
   * @param {number} share  0…1
   */
  duck(share) {
    this.#share = share;
    if (this.#output) glide(this.#output, share);
  }

  /**
   * Another sound in place of this one; goes on where it is when playing.
   *
   * @param {Float32Array<ArrayBuffer>} samples
   * @param {number} [rate]
   * @param {Float32Array<ArrayBuffer>[]} [channels]  of a stereo sound
   */
  load(samples, rate = SAMPLE_RATE, channels = [samples]) {
    const at = this.position;
    this.samples = samples;
    this.rate = rate;
    this.#channels = channels;
    this.#buffer = null;
    this.#offset = at < this.duration ? at : 0;
    if (this.playing) this.#start(this.#offset);
    this.emit('change');
  }

  /** @param {number} [from]  seconds */
  play(from = this.position) {
    if (!this.samples) return;
    unlock();
    this.#start(from >= this.duration - 0.01 ? 0 : from);
    this.plays += 1;
    this.emit('change');
  }

  pause() {
    if (!this.playing) return;
    this.#offset = this.position;
    this.#release();
    this.playing = false;
    this.emit('change');
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.#offset = Math.max(0, Math.min(seconds, this.duration));
    if (this.playing) this.#start(this.#offset);
    this.emit('change');
  }

  /** @param {boolean} loop */
  setLoop(loop) {
    if (this.playing) {
      this.#offset = this.position;
      this.#startedAt = audio().currentTime;
    }
    this.loop = loop;
    if (this.#voice) this.#voice.source.loop = loop;
    this.emit('change');
  }

  // Level of what is heard now, root mean square.
  level() {
    if (!this.#analyser || !this.playing) return 0;
    const frame = new Float32Array(this.#analyser.fftSize);
    this.#analyser.getFloatTimeDomainData(frame);
    return speakers().gain.value * Math.sqrt(frame.reduce((sum, value) => sum + value * value, 0) / frame.length);
  }

  // Where this player's sounds go, to be ducked and measured.
  get #target() {
    if (this.#output) return this.#output;
    this.#output = audio().createGain();
    this.#output.gain.value = this.#share;
    this.#analyser = audio().createAnalyser();
    this.#analyser.fftSize = 2048;
    this.#output.connect(this.#analyser).connect(speakers());
    return this.#output;
  }

  /** @param {number} offset */
  #start(offset) {
    this.#release();
    if (!this.samples) return;
    const context = audio();
    const now = context.currentTime;
    if (!this.#buffer) {
      this.#buffer = context.createBuffer(this.#channels.length, this.samples.length, this.rate);
      for (const [number, channel] of this.#channels.entries()) this.#buffer.copyToChannel(channel, number);
    }
    const source = context.createBufferSource();
    const gain = context.createGain();
    source.buffer = this.#buffer;
    source.loop = this.loop;
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(1, now + FADE_SECONDS);
    source.connect(gain).connect(this.#target);
    source.start(now, offset);
    const voice = { source, gain };
    source.onended = () => {
      if (this.#voice !== voice) return;
      this.#voice = null;
      this.playing = false;
      this.#offset = 0;
      this.emit('change');
    };
    this.#voice = voice;
    this.#offset = offset;
    this.#startedAt = now;
    this.playing = true;
  }

  #release() {
    if (!this.#voice) return;
    const { source, gain } = this.#voice;
    const now = audio().currentTime;
    this.#voice = null;
    gain.gain.cancelScheduledValues(now);
    gain.gain.setValueAtTime(gain.gain.value, now);
    gain.gain.linearRampToValueAtTime(0, now + FADE_SECONDS);
    source.stop(now + FADE_SECONDS + 0.01);
  }
}
