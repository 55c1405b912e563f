// What was heard, as the studio made it, by position: later versions of a moment replace earlier
// ones. Kept while it records; else only what has not been played yet.

import { toWav } from '../audio/wav.js';

const RATE = 44100;
const MOST_SECONDS = 600;

export class Tape {
  constructor() {
    this.reset();
  }

  reset() {
    this.blocks = [];
    this.begin = null;
  }

  get recording() {
    return this.begin !== null;
  }

  put(position, samples, head) {
    while (this.blocks.length && this.blocks.at(-1).position >= position) this.blocks.pop();
    const last = this.blocks.at(-1);
    if (last && last.position + last.samples.length > position) {
      last.samples = last.samples.slice(0, position - last.position);
    }
    this.blocks.push({ position, samples });
    if (this.recording) return;
    while (this.blocks.length && this.blocks[0].position + this.blocks[0].samples.length < head) this.blocks.shift();
  }

  start(head) {
    this.begin = head;
  }

  isFull(head) {
    return this.recording && head - this.begin > MOST_SECONDS * RATE;
  }

  // Returns {begin, samples, wav}: where the recording lies and the file.
  stop(head) {
    const { begin } = this;
    this.begin = null;
    const parts = this.blocks
      .filter(({ position, samples }) => position < head && position + samples.length > begin)
      .map(({ position, samples }) => samples.subarray(Math.max(0, begin - position), Math.min(samples.length, head - position)));
    const count = parts.reduce((sum, part) => sum + part.length, 0);
    return { begin, samples: count, wav: toWav(parts, RATE) };
  }
}
