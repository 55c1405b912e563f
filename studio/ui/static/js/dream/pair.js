// Two takes in turn at the same loudness: the louder one comes down to the quieter one's.

import { lufs } from '../audio/levels.js';
import { Emitter } from '../lib/bus.js';

const MOST_DOWN_DB = 24;

/** @typedef {import('../lib/types.js').Take} Take */

/** @extends {Emitter<{ change: void }>} */
export class Pair extends Emitter {
  /** @type {Take | null} */
  first = null;
  /** @type {Take | null} */
  second = null;
  /** By how many dB the take that is heard was turned down. */
  down = 0;

  /** @param {Pick<import('../audio/player.js').Player, 'load'>} player */
  constructor(player) {
    super();
    this.player = player;
  }

  get pinned() {
    return this.first !== null;
  }

  /** @param {Take} take */
  pin(take) {
    this.first = take;
    this.second = null;
    this.emit('change');
  }

  drop() {
    this.first = null;
    this.second = null;
    this.emit('change');
  }

  /** @param {Take | null} take */
  other(take) {
    return take === this.first ? this.second : this.first;
  }

  /**
   * A take is shown: if it belongs to the pair, it is heard at the pair's loudness.
   *
   * @param {Take} take
   */
  shown(take) {
    if (!this.pinned) return;
    if (take !== this.first) this.second = take;
    if (this.second) this.#match(take);
    this.emit('change');
  }

  /** @param {Take} take */
  #match(take) {
    const other = this.other(take);
    if (!take.after || !other) return;
    const down = Math.max(0, level(take) - level(other));
    this.down = Number.isFinite(down) ? Math.min(down, MOST_DOWN_DB) : 0;
    const gain = 10 ** (-this.down / 20);
    const { samples, rate, channels } = take.after;
    /** @param {Float32Array<ArrayBuffer>} row */
    const quieter = row => row.map(value => value * gain);
    this.player.load(quieter(samples), rate, channels?.map(quieter));
  }
}

/** @param {Take} take */
function level(take) {
  if (take.lufs === undefined && take.after) take.lufs = lufs(take.after.samples, take.after.rate);
  return take.lufs ?? NaN;
}
