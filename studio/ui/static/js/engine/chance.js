// Random numbers and the built-in tone, made by the engine: the same as everywhere else.

import { Instance } from './wasm.js';

const GENERATOR_BYTES = 48;
const WORD = 2 ** 32;
const TONE_HZ = 220;
const [NOISE, OFFSETS] = [0, 1]; // streams of a seed

/** @typedef {import('../lib/types.js').Recipe} Recipe */

/** Hands out streams of random numbers; the built-in sounds of a recipe. */
export class Chance {
  #instance;

  /**
   * @param {WebAssembly.Module} module
   * @param {number} sampleRate  Hz
   */
  constructor(module, sampleRate) {
    this.sampleRate = sampleRate;
    this.#instance = new Instance(module);
  }

  /**
   * A stream of a seed: of one or more whole numbers, each 0 … 2⁵³, and where there are several
   * independent ones, its number.
   *
   * @param {number | number[]} seed
   * @param {number} [child]
   */
  stream(seed, child = -1) {
    const words = [seed].flat().flatMap(wordsOf);
    const instance = this.#instance;
    const { functions } = instance;
    let state = new Uint32Array(GENERATOR_BYTES / 4);
    /** @param {number} bytes @param {(generator: number, drawn: number) => void} draw */
    const draw = (bytes, draw) => {
      instance.giveBack();
      const [generator, drawn] = [instance.put(state), instance.take(bytes)];
      draw(generator, drawn);
      state = new Uint32Array(instance.integers(generator, state.length).buffer);
      return drawn;
    };
    draw(0, generator => functions.dream_seed(generator, instance.put(Uint32Array.from(words)), words.length, child));
    return {
      /** Of mean 0 and standard deviation 1. @param {number} count */
      normals: count => instance.floats(draw(4 * count, (generator, drawn) => functions.dream_normals(generator, drawn, count)), count),
      /** Even over low … high, ends included. @param {number} low @param {number} high @param {number} count */
      integers: (low, high, count) => instance.integers(
        draw(4 * count, (generator, drawn) => functions.dream_integers(generator, low, high, drawn, count)), count),
    };
  }

  /**
   * A sine of amplitude 1 that begins at 0.
   *
   * @param {number} samples
   * @param {number} [hz]
   */
  tone(samples, hz = TONE_HZ) {
    this.#instance.giveBack();
    const at = this.#instance.take(4 * samples);
    this.#instance.functions.dream_tone(at, samples, hz, this.sampleRate);
    return this.#instance.floats(at, samples);
  }

  /**
   * A built-in sound, of peak 1, or silence.
   *
   * @param {string} name
   * @param {number} seed
   * @param {number} samples
   */
  builtIn(name, seed, samples) {
    if (name === 'white noise') {
      const noise = this.stream(seed, NOISE).normals(samples);
      const peak = peakOf(noise);
      return noise.map(value => value / peak);
    }
    if (name === 'tone') return this.tone(samples);
    const sound = new Float32Array(samples);
    if (name === 'impulse') sound[samples >> 1] = 1;
    else if (name !== 'silence') throw new Error(`This starts from '${name}': give that recording, or choose a built-in sound.`);
    return sound;
  }

  /**
   * Every iteration's shift, those of all stages one after the other.
   *
   * @param {number} seed
   * @param {Recipe[]} stages
   */
  offsets(seed, stages) {
    const stream = this.stream(seed, OFFSETS);
    return stages.map(({ max_offset: most, iterations }) => stream.integers(-most, most, iterations));
  }
}

/** The largest size of a sample. @param {Float32Array} sound */
export function peakOf(sound) {
  let peak = 0;
  for (let i = 0; i < sound.length; i += 1) {
    const size = Math.abs(sound[i]);
    if (!(size <= peak)) peak = size; // also what is no number
  }
  return peak;
}

/** A number's words of 32 bits, the lowest first. @param {number} number */
function wordsOf(number) {
  const words = [number % WORD];
  for (let rest = Math.floor(number / WORD); rest > 0; rest = Math.floor(rest / WORD)) words.push(rest % WORD);
  return words;
}
