// Two takes in turn at the same loudness: the louder one comes down to the quieter one's.

import { lufs } from '../audio/levels.js';

const MOST_DOWN_DB = 24;

export class Pair extends EventTarget {
  constructor(player) {
    super();
    this.player = player;
    this.first = null;
    this.second = null;
  }

  get on() {
    return this.first !== null;
  }

  pin(take) {
    this.first = take;
    this.second = null;
    this.#tell();
  }

  drop() {
    this.first = null;
    this.second = null;
    this.#tell();
  }

  other(take) {
    return take === this.first ? this.second : this.first;
  }

  // A take is shown: if it belongs to the pair, it is heard at the pair's loudness.
  shown(take) {
    if (!this.on) return;
    if (take !== this.first) this.second = take;
    if (this.second) this.match(take);
    this.#tell();
  }

  match(take) {
    const level = one => (one.lufs ??= lufs(one.after.samples, one.after.rate));
    const down = Math.max(0, level(take) - level(this.other(take)));
    this.down = Number.isFinite(down) ? Math.min(down, MOST_DOWN_DB) : 0;
    const gain = 10 ** (-this.down / 20);
    this.player.load(take.after.samples.map(value => value * gain), take.after.rate);
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}
