// The list of takes and what of it outlives a reload: recipes, names, stars and small pictures in
// this browser, the sounds themselves on the server for as long as it lives.

import { peaks } from '../audio/drawing.js';
import { post, Refused } from '../lib/ask.js';
import { recall, remember } from '../lib/memory.js';
import { soundsOf } from './run.js';

const STORE = 'studio-takes';
const MOST = 60;
const MOST_LOADED = 12;
const COLUMNS = 52;
const TRACE_POINTS = 40;
const RECORDING_COLUMNS = 180;

/** @typedef {import('../lib/types.js').Take} Take */
/** @typedef {import('../lib/types.js').Trace} Trace */
/** @typedef {import('../lib/types.js').Recordings} Recordings */
/** @typedef {import('../lib/types.js').FinishedDream} FinishedDream */
/** @typedef {import('./run.js').Bridge} Bridge */

/** @type {(keyof Take)[]} */
const LASTING = ['id', 'name', 'star', 'made', 'token', 'folder', 'recipe', 'seconds', 'iterations', 'state', 'trace', 'picture', 'recording', 'guide', 'recorded', 'measured'];

/**
 * @typedef {Recordings & { name: string, replaces?: string | null }} About  `replaces`: the id of the take
 *   that a dream makes again
 */

export class TakeStore {
  /** @type {Take[]} */
  takes = read();
  /** Whether this browser keeps anything. */
  lasts = true;
  /** @type {Take[]} */
  #latest = [];
  /** @type {Set<string>} */
  #removed = new Set();

  /** @param {Bridge} bridge */
  constructor(bridge) {
    this.bridge = bridge;
  }

  /**
   * Put a finished dream first, or in the place of the take that it makes again.
   *
   * @param {FinishedDream} dream
   * @param {About} about
   * @returns {Take}
   */
  add(dream, { name, recording, guide, replaces }) {
    const former = this.takes.find(other => other.id === replaces);
    /** @type {Take} */
    const fresh = {
      ...dream,
      id: former?.id || dream.token,
      name: former?.name || name,
      star: former?.star || false,
      made: former?.made || Date.now(),
      recorded: !dream.before,
      recording: recording && { ...recording, recipe: null, peaks: [thin(recording.peaks[0], RECORDING_COLUMNS), thin(recording.peaks[1], RECORDING_COLUMNS)] },
      guide,
      picture: small(dream.after.samples),
      gone: false,
    };
    if (former) this.takes[this.takes.indexOf(former)] = fresh;
    else this.takes.unshift(fresh);
    while (this.takes.length > MOST) {
      const oldest = this.takes.findLastIndex(other => !other.star && other !== fresh);
      const [gone] = this.takes.splice(oldest < 0 ? this.takes.length - 1 : oldest, 1);
      this.#removed.add(gone.id);
    }
    this.#loaded(fresh);
    this.lasts = this.keep();
    return fresh;
  }

  /**
   * Take one away; returns what brings it back.
   *
   * @param {Take} take
   */
  remove(take) {
    const at = this.takes.indexOf(take);
    this.takes.splice(at, 1);
    this.#removed.add(take.id);
    this.keep();
    return () => {
      this.#removed.delete(take.id);
      this.takes.splice(Math.min(at, this.takes.length), 0, take);
      this.keep();
    };
  }

  // Tells whether this browser keeps anything at all for this page.
  keep() {
    this.#gather();
    const lasting = this.takes.map(take => Object.fromEntries(LASTING.map(key => [
      key, key === 'trace' ? thinTrace(take.trace) : take[key],
    ])));
    for (let count = lasting.length; count >= 0; count = Math.floor(count / 2) - (count < 2 ? 1 : 0)) {
      if (remember(STORE, lasting.slice(0, count))) return true;
    }
    return false;
  }

  // What another tab has kept meanwhile is kept, too.
  #gather() {
    const known = new Set([...this.takes.map(take => take.id), ...this.#removed]);
    const others = read().filter(take => !known.has(take.id));
    if (others.length) this.takes = [...this.takes, ...others].sort((a, b) => b.made - a.made);
  }

  // Ask the server which sounds it still has.
  async look() {
    if (!this.takes.length) return;
    const here = await this.#here(this.takes.map(take => take.token));
    for (const take of this.takes) take.gone = !here.includes(take.token);
  }

  /**
   * The recordings of a take that the server still has, null where it has not.
   *
   * @param {Recordings} wanted
   */
  async recordings({ recording = null, guide = null }) {
    if (!recording && !guide) return { recording, guide };
    const here = await this.#here([recording, guide].flatMap(upload => upload?.token ?? []));
    return {
      recording: recording && here.includes(recording.token) ? recording : null,
      guide: guide && here.includes(guide.token) ? guide : null,
    };
  }

  /**
   * The guide of another take whose recipe names the very same recording.
   *
   * @param {string} [name]
   */
  guideNamed(name) {
    return this.takes.find(take => take.guide && take.recipe.guide === name)?.guide || null;
  }

  /**
   * @param {string[]} tokens
   * @returns {Promise<string[]>}
   */
  async #here(tokens) {
    return (await post(new URL('takes/here', this.bridge.baseUrl), { tokens })).here;
  }

  /**
   * The sounds of the latest few stay in memory.
   *
   * @param {Take} take
   */
  #loaded(take) {
    this.#latest = [take, ...this.#latest.filter(other => other !== take)];
    for (const other of this.#latest.splice(MOST_LOADED)) other.after = other.before = null;
  }

  /**
   * Fetch a take's sounds; false where the server has them no more.
   *
   * @param {Take} take
   */
  async load(take) {
    this.#loaded(take);
    if (take.after) return true;
    try {
      Object.assign(take, await soundsOf({ folder: take.folder, before: !take.recorded }, this.bridge));
      take.gone = false;
    } catch (error) {
      if (!(error instanceof Refused && error.gone)) throw error;
      take.gone = true;
    }
    return !take.gone;
  }
}

/** @returns {Take[]} */
function read() {
  const takes = recall(STORE, []);
  if (!Array.isArray(takes)) return [];
  return takes.filter(take => take && take.id && take.recipe?.targets && take.folder && take.picture);
}

/**
 * A waveform as a few hundred characters: whole hundredths of the largest sample.
 *
 * @param {Float32Array} samples
 * @returns {[low: number[], high: number[]]}
 */
function small(samples) {
  const { low, high, most } = peaks(samples, COLUMNS);
  /** @param {ArrayLike<number>} row */
  const whole = row => Array.from(row, value => Math.round((100 * value) / most));
  return [whole(low), whole(high)];
}

/** @param {Trace} trace */
function thinTrace(trace) {
  return Object.fromEntries(Object.entries(trace).filter(([key]) => key !== 'objective').map(([key, row]) => [key, thin(row, TRACE_POINTS)]));
}

/**
 * Some values of a row, its last among them.
 *
 * @param {number[]} row
 * @param {number} most
 */
function thin(row, most) {
  if (row.length <= most) return row;
  return Array.from({ length: most }, (_, i) => row[Math.round(((i + 1) * row.length) / most) - 1]);
}
