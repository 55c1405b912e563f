// A whole dream: stages, shifts, closeness, stopping; as `studio.dreaming.loop` does it.

import { Ascent } from './ascent.js';
import { complete, eachStage, unsupportedReason } from './plan.js';

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('../lib/types.js').Field} Field */
/** @typedef {import('./network.js').Network} Network */

/**
 * What a dream needs beside its recipe.
 *
 * @typedef {object} Means
 * @property {WebAssembly.Module} module
 * @property {import('./chance.js').Chance} chance
 * @property {Network} network
 * @property {Record<string, Field>} fields  the recipe's, of the contract
 * @property {Float32Array | null} [initial]  the recording to start from
 * @property {Float32Array | null} [guide]  the recording to be like
 */

/**
 * @typedef {object} Dreamed
 * @property {Float32Array<ArrayBuffer>} audio
 * @property {Float32Array<ArrayBuffer>} initial  what it started from, normalised and low-passed
 * @property {number} done  iterations
 * @property {number[]} objective  the response before each iteration
 * @property {'' | 'ran away' | 'no response'} trouble  why it ended early
 */

const AT_ONCE = 16; // iterations between two looks at whether to go on

/**
 * Dream a recipe.
 *
 * @param {Partial<Recipe>} wanted
 * @param {Means} means
 * @param {(done: number, planned: number, audio: Float32Array) => void | boolean | Promise<void | boolean>} [onStep]
 *   told every few iterations; false ends the dream
 * @returns {Promise<Dreamed>}
 * @throws {Error} where it cannot be dreamed here; the message says why
 */
export async function dream(wanted, { module, chance, network, fields, initial = null, guide = null }, onStep = () => {}) {
  const reason = unsupportedReason(wanted, fields);
  if (reason) throw new Error(reason);
  const recipe = complete(wanted, fields);
  const samples = Math.round(recipe.seconds * chance.sampleRate);
  const stages = eachStage(recipe);
  const total = stages.reduce((sum, { iterations }) => sum + iterations, 0);
  const planned = Math.min(recipe.stop_after || total, total);
  const offsets = chance.offsets(recipe.seed, stages);
  const heard = stages.some(({ targets }) => targets.some(([, , , measure]) => measure === 'guide'))
    ? fit(guide ?? chance.builtIn(recipe.guide ?? '', recipe.seed, samples), samples) : null;
  const start = fit(initial ?? chance.builtIn(recipe.initial, recipe.seed, samples), samples);

  /** @type {Dreamed | null} */
  let dreamed = null;
  let shift = 0;
  for (const [number, stage] of stages.entries()) {
    const ascent = new Ascent(module, network, stage, { samples, sampleRate: chance.sampleRate, guide: heard });
    if (!dreamed) {
      const first = ascent.prepare(start);
      dreamed = { audio: first, initial: first, done: 0, objective: [], trouble: '' };
    } else dreamed.audio = ascent.prepare(dreamed.audio);
    const home = stage.closeness ? ascent.prepare(rolled(dreamed.initial, shift)) : null;
    const count = Math.min(stage.iterations, planned - dreamed.done);
    let moved = 0; // of this stage
    for (let at = 0; at < count; at += AT_ONCE) {
      const some = offsets[number].subarray(at, Math.min(count, at + AT_ONCE));
      const course = ascent.run(dreamed.audio, at, some, home && rolled(home, moved));
      dreamed.audio = course.waveform;
      dreamed.done += course.done;
      dreamed.objective.push(...course.objective.slice(0, course.done));
      if (!stage.unroll) moved += some.subarray(0, course.done).reduce((sum, offset) => sum + offset, 0);
      if (course.done < some.length) {
        const numbers = [course.objective[course.done], course.deviation[course.done]];
        dreamed.trouble = numbers.every(Number.isFinite) && numbers[1] <= 0 ? 'no response' : 'ran away';
        return dreamed;
      }
      if (await onStep(dreamed.done, planned, dreamed.audio) === false) return dreamed;
    }
    shift += moved;
    if (dreamed.done >= planned) break;
  }
  return /** @type {Dreamed} */ (dreamed);
}

/**
 * Cut to so many samples, or padded with silence.
 *
 * @param {Float32Array} sound
 * @param {number} samples
 */
export function fit(sound, samples) {
  if (sound.length === samples) return sound;
  const fitted = new Float32Array(samples);
  fitted.set(sound.subarray(0, samples));
  return fitted;
}

/**
 * Moved to the right; what leaves at one end enters at the other.
 *
 * @param {Float32Array} sound
 * @param {number} shift
 */
function rolled(sound, shift) {
  const by = ((shift % sound.length) + sound.length) % sound.length;
  const moved = new Float32Array(sound.length);
  moved.set(sound.subarray(sound.length - by));
  moved.set(sound.subarray(0, sound.length - by), by);
  return moved;
}
