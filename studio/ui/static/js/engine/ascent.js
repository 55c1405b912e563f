// Gradient ascent on sounds of one length, by the engine: one network, recipe and list of targets.

import { layPlan } from './plan.js';
import { Instance } from './wasm.js';

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('./network.js').Network} Network */

/**
 * Several iterations.
 *
 * @typedef {object} Course
 * @property {Float32Array<ArrayBuffer>} waveform  the sound after the last one
 * @property {number} done  how many were done; fewer than asked for where it could not go on: then
 *   `objective` and `deviation` have an entry more, which says why
 * @property {number[]} objective  the response before each
 * @property {number[]} deviation  standard deviation of each smoothed gradient
 */

const NO_GUIDE = 'A layer is to respond as to a guide sound, and there is no guide sound: give one, or choose another measure.';

export class Ascent {
  #instance;
  #plan;
  #sound;
  #found;
  #home;
  #mark;

  /**
   * @param {WebAssembly.Module} module
   * @param {Network} network
   * @param {Recipe} recipe  complete
   * @param {{ samples: number, sampleRate: number, guide?: Float32Array | null }} given
   */
  constructor(module, network, recipe, { samples, sampleRate, guide = null }) {
    if (!guide && recipe.targets.some(([, , , measure]) => measure === 'guide')) throw new Error(NO_GUIDE);
    this.samples = samples;
    this.#instance = new Instance(module);
    this.#plan = layPlan(this.#instance, network, recipe, samples, sampleRate);
    this.#sound = this.#instance.take(4 * samples);
    this.#found = this.#instance.take(4 * samples);
    this.#home = this.#instance.take(4 * samples);
    this.#mark = this.#instance.mark;
    if (guide) {
      this.#put(this.#sound, this.prepare(guide));
      this.#instance.functions.dream_guide(this.#plan, this.#sound);
    }
  }

  /**
   * The normalised and low-passed sound that iteration 0 starts from.
   *
   * @param {Float32Array} sound
   */
  prepare(sound) {
    this.#put(this.#sound, sound);
    this.#instance.functions.dream_prepare(this.#plan, this.#sound, this.#found);
    return this.#instance.floats(this.#found, this.samples);
  }

  /**
   * As many iterations as there are offsets, the first of which is number `first`.
   *
   * @param {Float32Array} sound
   * @param {number} first
   * @param {Int32Array} offsets
   * @param {Float32Array | null} [home]  to stay close to, shifted as the sound is
   * @returns {Course}
   */
  run(sound, first, offsets, home = null) {
    const instance = this.#instance;
    const count = offsets.length;
    this.#put(this.#sound, sound);
    if (home) this.#put(this.#home, home);
    instance.giveBack(this.#mark);
    const shifts = instance.put(offsets);
    const responses = instance.take(8 * count);
    const deviations = instance.take(8 * count);
    const done = instance.functions.dream_iterate(
      this.#plan, this.#sound, this.#found, home ? this.#home : 0, first, count, shifts, 0, responses, deviations,
    );
    const told = Math.min(count, done + 1);
    return {
      waveform: instance.floats(this.#found, this.samples),
      done,
      objective: [...instance.doubles(responses, told)],
      deviation: [...instance.doubles(deviations, told)],
    };
  }

  /** The response to a sound. @param {Float32Array} sound */
  objective(sound) {
    this.#put(this.#sound, sound);
    return this.#instance.functions.dream_response(this.#plan, this.#sound);
  }

  /** Its derivative with respect to the sound. @param {Float32Array} sound */
  gradient(sound) {
    this.#put(this.#sound, sound);
    this.#instance.functions.dream_gradient(this.#plan, this.#sound, this.#found);
    return this.#instance.floats(this.#found, this.samples);
  }

  /** @param {number} at @param {Float32Array} sound */
  #put(at, sound) {
    if (sound.length !== this.samples) throw new Error(`the plan is for ${this.samples} samples, not ${sound.length}`);
    this.#instance.write(at, sound);
  }
}
