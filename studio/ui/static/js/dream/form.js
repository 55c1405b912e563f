// What follows from a sound's length: an even texture where it is long, and the length of a loop.

import { contract, SAMPLE_RATE, stridesOf } from '../lib/contract.js';
import { find, finder } from '../lib/dom.js';
import { format } from '../lib/numbers.js';
import { gridOf } from './pitch.js';

const { even_over_seconds: LONG } = contract.page;
const { fields } = contract.recipe;
const [LEAST, MOST] = [fields.seconds.minimum ?? 1, fields.seconds.maximum ?? 60];

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {Pick<Recipe, 'architecture' | 'targets' | 'seconds' | 'stages'> & { padding?: string, tune_hz?: number }} Form */

/**
 * The deepest layer of the stages that loop, and the samples of which a loop's length is a multiple;
 * null where no stage loops.
 *
 * @param {Form} recipe
 */
export function loopOf({ architecture, targets, padding, stages = [] }) {
  let now = { targets, padding };
  const chain = [now, ...stages.map(changes => (now = { ...now, ...changes }))];
  const deepest = Math.max(-1, ...chain.filter(each => each.padding === 'loop').flatMap(each => each.targets.map(([layer]) => layer)));
  if (deepest < 0) return null;
  return { layer: deepest, unit: stridesOf(architecture).slice(0, deepest + 1).reduce((product, stride) => product * stride, 1) };
}

/**
 * The multiple of `unit` samples that is nearest to a length, as `studio.dreaming.looping` has it.
 *
 * @param {number} unit
 * @param {number} seconds
 */
export function snappedSamples(unit, seconds) {
  const [least, most] = [Math.ceil((LEAST * SAMPLE_RATE) / unit), Math.floor((MOST * SAMPLE_RATE) / unit)];
  return Math.min(Math.max(least, Math.floor((seconds * SAMPLE_RATE) / unit + 0.5)), most) * unit;
}

/**
 * How long a loop will sound: a tuned one fits the strides at the rate at which it is dreamed.
 *
 * @param {Form} recipe
 * @param {number} unit
 */
export function loopSeconds(recipe, unit) {
  if (!recipe.tune_hz) return snappedSamples(unit, recipe.seconds) / SAMPLE_RATE;
  const octaves = Math.log2(recipe.tune_hz) - Math.log2(gridOf(recipe).own);
  const ratio = 2 ** (octaves - Math.round(octaves));
  const inner = snappedSamples(unit, Math.round(Math.round(recipe.seconds * SAMPLE_RATE) * ratio) / SAMPLE_RATE);
  return Math.round(inner / ratio) / SAMPLE_RATE;
}

/** A loop's length stays one that its strides divide, whatever is changed. */
export const loopLength = {
  /** @param {Recipe} after */
  follow(after) {
    const loop = loopOf(after);
    const seconds = loop && snappedSamples(loop.unit, after.seconds) / SAMPLE_RATE;
    return /** @type {Partial<Recipe>} */ (seconds === null || seconds === after.seconds ? {} : { seconds });
  },
};

/** Long sounds get an even texture, until somebody chooses one. */
export class EvenTexture {
  /** The texture is the page's choice. */
  own = false;
  #chosen = false;

  /**
   * @param {Recipe} after
   * @param {Partial<Recipe>} changes
   * @param {Recipe} before
   * @returns {Partial<Recipe>}
   */
  follow(after, changes, before) {
    if ('texture' in changes) {
      this.#chosen = true;
      this.own = false;
      return {};
    }
    const [was, is] = [before.seconds > LONG, after.seconds > LONG];
    if (this.#chosen || was === is) return {};
    if (is && before.texture === 'peaked') {
      this.own = true;
      return { texture: 'even' };
    }
    if (is || !this.own) return {};
    this.own = false;
    return { texture: 'peaked' };
  }

  forget() {
    this.own = false;
  }
}

/**
 * What the page says of a length that it has chosen, or of a texture.
 *
 * @param {Form & { texture?: string }} recipe
 * @param {boolean} own  the texture is the page's choice
 */
export function formWords(recipe, own) {
  const said = [];
  if (own) said.push(`Over ${format(LONG)} s the texture is even, so that the sound stays alive throughout.`);
  const loop = loopOf(recipe);
  if (loop) {
    const step = loop.unit / SAMPLE_RATE;
    const sounds = loopSeconds(recipe, loop.unit);
    const tuned = Math.abs(sounds - recipe.seconds) > 1e-4 ? ` Tuned, it lasts ${sounds.toFixed(2)} s.` : '';
    said.push(`A loop at layer ${loop.layer} is a multiple of ${step < 0.1 ? `${(1000 * step).toFixed(2)} ms` : `${step.toFixed(2)} s`}: ${format(recipe.seconds)} s.${tuned}`);
  }
  return said.join(' ');
}

/**
 * @param {HTMLElement} root
 * @param {import('../picker/state.js').State} state
 */
export function mountForm(root, state) {
  const even = new EvenTexture();
  state.rules.push(loopLength, even);
  const byId = finder(root);
  const line = byId('length-says');
  const peaked = byId('length-peaked');
  peaked.addEventListener('click', () => state.set({ texture: fields.texture.paper }));
  state.watch(['seconds', 'texture', 'padding', 'targets', 'architecture', 'stages', 'tune_hz'], () => {
    const words = formWords(state.recipe, even.own);
    find(line, 'span').textContent = words;
    line.hidden = !words;
    peaked.hidden = !even.own;
  });
}
