// Hearing at once: a sound's bytes out of its layer's file, decoded, levelled, kept for a while.

import { SAMPLE_RATE } from '../lib/contract.js';
import { UNREACHABLE } from '../lib/ask.js';
import { Emitter } from '../lib/bus.js';
import { audio, glide, speakers, unlock, unlocked } from './context.js';
import { toListeningLevel } from './levels.js';

const FADE_SECONDS = 0.02;
const KEPT = 160; // a second each: about 30 MB
const AHEAD = 3;

/**
 * Where the gallery's sounds lie: by row, in the file of its group.
 *
 * @typedef {object} SoundTable
 * @property {(row: number) => { file: string }} group
 * @property {Record<string, ArrayLike<number>>} columns
 */

/** @typedef {{ row: number, source: AudioBufferSourceNode, gain: GainNode, startedAt: number }} Playing */

/**
 * Decoded sounds by table: all voices of the page share them.
 *
 * @type {WeakMap<SoundTable, Map<number, AudioBuffer>>}
 */
const decoded = new WeakMap();

/** @param {unknown} error */
const isAbort = error => error instanceof Error && error.name === 'AbortError';

/** @extends {Emitter<{ change: void }>} */
export class Voice extends Emitter {
  heard = 0;
  /** @type {number | null} */
  wanted = null;
  /** @type {Playing | null} */
  playing = null;
  /**
   * How the latest sound came: `ms` after it was asked for.
   *
   * @type {{ row: number, cached: boolean, ms: number } | null}
   */
  last = null;
  #output = audio().createGain();
  /** @type {AbortController | null} */
  #aborter = null;

  /**
   * @param {SoundTable} table
   * @param {URL} folder  of the sound files
   * @param {string} version  of the gallery
   */
  constructor(table, folder, version) {
    super();
    this.table = table;
    this.folder = folder;
    this.version = version;
    this.kept = decoded.get(table) || new Map();
    decoded.set(table, this.kept);
    this.#output.connect(speakers());
    audio().addEventListener('statechange', () => this.emit('change'));
  }

  /**
   * Run once what every sound runs through, that the first one is as quick as the next.
   *
   * @param {number} row
   */
  async warm(row) {
    for (let i = 0; i < 3; i += 1) toListeningLevel(Float32Array.from({ length: 22050 }, () => 4 * Math.random() - 2), SAMPLE_RATE);
    await this.samples(row).catch(() => {}); // it will be said when it is wanted
  }

  /**
   * Of the page's volume.
   *
   * @param {number} share  0…1
   */
  setShare(share) {
    glide(this.#output, share);
  }

  /**
   * Play a row as soon as can be; resolves to its samples, or null if another was wanted meanwhile.
   *
   * @param {number} row
   * @param {number} [since]  when it was asked for, as `performance.now` has it
   */
  async hear(row, since = performance.now()) {
    this.wanted = row;
    this.#aborter?.abort();
    const kept = this.kept.get(row);
    let buffer = kept;
    if (!buffer) {
      this.#aborter = new AbortController();
      try {
        buffer = await this.#fetch(row, this.#aborter.signal);
      } catch (error) {
        if (isAbort(error)) return null;
        throw error;
      }
    }
    if (this.wanted !== row) return null;
    this.#keep(row, buffer);
    this.#start(row, buffer);
    this.last = { row, cached: Boolean(kept), ms: performance.now() - since };
    return buffer.getChannelData(0);
  }

  /**
   * Only look: its samples, without playing.
   *
   * @param {number} row
   */
  async samples(row) {
    const buffer = this.kept.get(row) || await this.#fetch(row);
    this.#keep(row, buffer);
    return buffer.getChannelData(0);
  }

  /**
   * Fetch what is likely to be wanted next, until something else is.
   *
   * @param {number[]} rows
   */
  async prefetch(rows) {
    const { wanted } = this;
    const missing = rows.filter(row => !this.kept.has(row));
    const workers = Array.from({ length: AHEAD }, async () => {
      for (let row = missing.shift(); row !== undefined && this.wanted === wanted; row = missing.shift()) {
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
    this.emit('change');
  }

  // Part of the sound that has been played, 0…1.
  get progress() {
    if (!this.playing?.source.buffer) return 0;
    return Math.min(1, (audio().currentTime - this.playing.startedAt) / this.playing.source.buffer.duration);
  }

  /**
   * @param {number} row
   * @param {AbortSignal} [signal]
   */
  async #fetch(row, signal) {
    const { file } = this.table.group(row);
    const { offset_bytes: offsets, bytes, seconds } = this.table.columns;
    const url = new URL(`${file}?v=${this.version}`, this.folder);
    const range = `bytes=${offsets[row]}-${offsets[row] + bytes[row] - 1}`;
    let answer;
    try {
      answer = await fetch(url, { headers: { range }, signal });
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new Error(UNREACHABLE, { cause: error });
    }
    if (answer.status !== 206) throw new Error('This sound is not here. “studio gallery check” says what is missing.');
    let sound;
    try {
      sound = await audio().decodeAudioData(await answer.arrayBuffer());
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new Error('This sound is damaged. “studio gallery check” says what is wrong.', { cause: error });
    }
    const length = Math.min(sound.length, Math.round(seconds[row] * sound.sampleRate));
    const samples = toListeningLevel(sound.getChannelData(0).slice(0, length), sound.sampleRate);
    const buffer = audio().createBuffer(1, length, sound.sampleRate);
    buffer.copyToChannel(samples, 0);
    return buffer;
  }

  /**
   * @param {number} row
   * @param {AudioBuffer} buffer
   */
  #keep(row, buffer) {
    this.kept.delete(row);
    this.kept.set(row, buffer);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
    }
  }

  /**
   * @param {number} row
   * @param {AudioBuffer} buffer
   */
  #start(row, buffer) {
    this.#release();
    unlock();
    this.heard += 1;
    if (!unlocked()) {
      this.emit('change');
      return;
    }
    const context = audio();
    const now = context.currentTime;
    const source = context.createBufferSource();
    const gain = context.createGain();
    source.buffer = buffer;
    source.connect(gain).connect(this.#output);
    source.start(now);
    const playing = { row, source, gain, startedAt: now };
    source.onended = () => {
      if (this.playing !== playing) return;
      this.playing = null;
      this.emit('change');
    };
    this.playing = playing;
    this.emit('change');
  }

  #release() {
    if (!this.playing) return;
    const { source, gain } = this.playing;
    const now = audio().currentTime;
    this.playing = null;
    gain.gain.setValueAtTime(1, now);
    gain.gain.linearRampToValueAtTime(0, now + FADE_SECONDS);
    source.stop(now + FADE_SECONDS + 0.01);
  }
}
