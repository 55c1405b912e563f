// What was heard, as the studio made it, by position: later versions of a moment replace earlier
// ones. Kept while it records; else only what has not been played yet.

import { SAMPLE_RATE } from '../lib/contract.js';
import { toWav } from '../audio/wav.js';

const MOST_SECONDS = 600;

/** @typedef {import('./messages.js').Block} Block */

export class Tape {
  /** @type {Block[]} */
  blocks = [];
  /**
   * The sample that the recording begins with, null where none goes on.
   *
   * @type {number | null}
   */
  #begin = null;

  reset() {
    this.blocks = [];
    this.#begin = null;
  }

  get recording() {
    return this.#begin !== null;
  }

  /**
   * @param {number} position
   * @param {Float32Array<ArrayBuffer>} samples
   * @param {number} head  what was played already
   */
  put(position, samples, head) {
    while (this.blocks.length && this.blocks[this.blocks.length - 1].position >= position) this.blocks.pop();
    const last = this.blocks[this.blocks.length - 1];
    if (last && last.position + last.samples.length > position) {
      last.samples = last.samples.slice(0, position - last.position);
    }
    this.blocks.push({ position, samples });
    if (this.recording) return;
    while (this.blocks.length && this.blocks[0].position + this.blocks[0].samples.length < head) this.blocks.shift();
  }

  /** @param {number} head */
  start(head) {
    this.#begin = head;
  }

  /** @param {number} head */
  isFull(head) {
    return this.#begin !== null && head - this.#begin > MOST_SECONDS * SAMPLE_RATE;
  }

  /**
   * Where the recording lies, how many samples it has, and the file.
   *
   * @param {number} head
   */
  stop(head) {
    const begin = this.#begin ?? head;
    this.#begin = null;
    const parts = this.blocks
      .filter(({ position, samples }) => position < head && position + samples.length > begin)
      .map(({ position, samples }) => samples.subarray(Math.max(0, begin - position), Math.min(samples.length, head - position)));
    const count = parts.reduce((sum, part) => sum + part.length, 0);
    return { begin, samples: count, wav: toWav(parts, SAMPLE_RATE) };
  }
}
