// Hearing at once: a sound's bytes out of its layer's file, decoded, levelled, kept for a while.

import { UNREACHABLE } from '../lib/toast.js';
import { followVolume, gainOf } from './volume.js';
import { toListeningLevel } from './levels.js';

const FADE_SECONDS = 0.02;
const KEPT = 160; // a second each: about 30 MB
const AHEAD = 3;

// Decoded sounds by catalogue: all voices of the page share them.
const decoded = new WeakMap();

export class Voice extends EventTarget {
  constructor(catalogue, folder, version) {
    super();
    Object.assign(this, { catalogue, folder, version });
    if (!decoded.has(catalogue)) decoded.set(catalogue, new Map());
    this.kept = decoded.get(catalogue);
    this.share = 1;
    this.heard = 0;
    this.wanted = null;
    this.playing = null;
    const Context = window.AudioContext || window.webkitAudioContext;
    this.context = new Context({ sampleRate: 44100, latencyHint: 'interactive' });
    this.output = this.context.createGain();
    this.output.connect(this.context.destination);
    followVolume(volume => {
      this.volume = volume;
      this.setShare(this.share);
    });
    this.context.addEventListener('statechange', () => this.#tell());
  }

  // Run once what every sound runs through, that the first one is as quick as the next.
  async warm(row) {
    for (let i = 0; i < 3; i += 1) toListeningLevel(Float32Array.from({ length: 22050 }, () => 4 * Math.random() - 2), 44100);
    await this.samples(row).catch(() => {}); // it will be said when it is wanted
  }

  get locked() {
    return this.context.state === 'suspended';
  }

  unlock() {
    if (this.locked) this.context.resume();
  }

  // Of the page's volume, 0 … 1.
  setShare(share) {
    this.share = share;
    this.output.gain.setTargetAtTime(gainOf(this.volume) * share, this.context.currentTime, 0.01);
  }

  // Play a row as soon as can be; resolves to its samples, or null if another was wanted meanwhile.
  async hear(row, since = performance.now()) {
    this.wanted = row;
    this.aborter?.abort();
    const cached = this.kept.has(row);
    let buffer = this.kept.get(row);
    if (!buffer) {
      this.aborter = new AbortController();
      try {
        buffer = await this.#fetch(row, this.aborter.signal);
      } catch (error) {
        if (error.name === 'AbortError') return null;
        throw error;
      }
    }
    if (this.wanted !== row) return null;
    this.#keep(row, buffer);
    this.#start(row, buffer);
    this.last = { row, cached, ms: performance.now() - since };
    return buffer.getChannelData(0);
  }

  // Only look: its samples, without playing.
  async samples(row) {
    if (!this.kept.has(row)) this.#keep(row, await this.#fetch(row));
    return this.kept.get(row).getChannelData(0);
  }

  // Fetch what is likely to be wanted next, until something else is.
  async prefetch(rows) {
    const wanted = this.wanted;
    const missing = rows.filter(row => !this.kept.has(row));
    const workers = Array.from({ length: AHEAD }, async () => {
      while (missing.length && this.wanted === wanted) {
        const row = missing.shift();
        try {
          this.#keep(row, await this.#fetch(row));
        } catch {
          return; // it will be said when it is wanted
        }
      }
    });
    await Promise.all(workers);
  }

  stop() {
    this.wanted = null;
    this.#release();
    this.#tell();
  }

  // Part of the sound that has been played, 0…1.
  get progress() {
    if (!this.playing) return 0;
    return Math.min(1, (this.context.currentTime - this.playing.startedAt) / this.playing.source.buffer.duration);
  }

  async #fetch(row, signal) {
    const { file } = this.catalogue.group(row);
    const { offset_bytes: offsets, bytes, seconds } = this.catalogue.columns;
    const url = new URL(`${file}?v=${this.version}`, this.folder);
    const range = `bytes=${offsets[row]}-${offsets[row] + bytes[row] - 1}`;
    let answer;
    try {
      answer = await fetch(url, { headers: { range }, signal });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Error(UNREACHABLE);
    }
    if (answer.status !== 206) throw new Error('This sound is not here. “studio gallery check” says what is missing.');
    let decoded;
    try {
      decoded = await this.context.decodeAudioData(await answer.arrayBuffer());
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Error('This sound is damaged. “studio gallery check” says what is wrong.');
    }
    const length = Math.min(decoded.length, Math.round(seconds[row] * decoded.sampleRate));
    const samples = toListeningLevel(decoded.getChannelData(0).slice(0, length), decoded.sampleRate);
    const buffer = this.context.createBuffer(1, length, decoded.sampleRate);
    buffer.copyToChannel(samples, 0);
    return buffer;
  }

  #keep(row, buffer) {
    this.kept.delete(row);
    this.kept.set(row, buffer);
    while (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
  }

  #start(row, buffer) {
    this.#release();
    this.unlock();
    this.heard += 1;
    if (this.locked) {
      this.#tell();
      return;
    }
    const now = this.context.currentTime;
    const source = this.context.createBufferSource();
    const gain = this.context.createGain();
    source.buffer = buffer;
    source.connect(gain).connect(this.output);
    source.start(now);
    const playing = { row, source, gain, startedAt: now };
    source.onended = () => {
      if (this.playing !== playing) return;
      this.playing = null;
      this.#tell();
    };
    this.playing = playing;
    this.#tell();
  }

  #release() {
    if (!this.playing) return;
    const { source, gain } = this.playing;
    const now = this.context.currentTime;
    this.playing = null;
    gain.gain.setValueAtTime(1, now);
    gain.gain.linearRampToValueAtTime(0, now + FADE_SECONDS);
    source.stop(now + FADE_SECONDS + 0.01);
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}
