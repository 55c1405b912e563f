// What the engine is told: network, recipe and length as flat arrays, as `studio.dreaming.engine.plan`
// makes them; and what of a recipe it cannot do here. The one module that knows both.

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('../lib/types.js').Target} Target */
/** @typedef {import('../lib/types.js').Field} Field */
/** @typedef {import('./network.js').Network} Network */

const LOW_PASSES = ['off', 'hard cut', 'butterworth'];
const NORMALISATIONS = ['none', 'peak', 'rms'];
const TAPS = ['before swish', 'after swish'];
const PADDINGS = ['reflect', 'circular', 'loop'];
const TEXTURES = ['peaked', 'even'];
const MEASURES = ['response', 'activation', 'guide'];

/** Seconds of sound that a page dreams at most. */
export const MOST_SECONDS = 10;

/** What plan or loop make use of. A field that is not among them is served at its default only. */
const KNOWN = new Set([
  'dataset', 'architecture', 'targets', 'initial', 'start_seconds', 'seconds', 'iterations', 'learning_rate',
  'max_offset', 'cutoff_hz', 'smoothing_coefficient', 'smoothing_kernel', 'seed', 'smoothing', 'padding',
  'low_pass', 'low_pass_order', 'normalisation', 'tap', 'unroll', 'stop_after', 'guide', 'closeness', 'stages',
  'texture', 'texture_seconds', 'low_cut_hz', 'curves',
]);

/** In sentences, what `dream_plan_bytes` refuses. */
const REASONS = new Map([
  [-1, 'A number of this network or recipe lies outside what the engine can hold.'],
  [-2, 'The sound is too short for this network: choose a longer one or a shallower layer.'],
  [-3, 'This dream needs more memory than the engine allows: choose a shorter sound.'],
]);

/**
 * Why a recipe cannot be dreamed in the page, in a sentence; '' where it can.
 *
 * @param {Partial<Recipe>} recipe
 * @param {Record<string, Field>} fields  the contract's
 */
export function unsupportedReason(recipe, fields) {
  for (const changes of [recipe, ...(recipe.stages ?? [])]) {
    for (const [name, value] of Object.entries(changes)) {
      if (!KNOWN.has(name) && JSON.stringify(value) !== JSON.stringify(fields[name]?.default)) {
        return `The engine in this browser does not know “${fields[name]?.label ?? name}” yet.`;
      }
      const choices = fields[name]?.choices;
      if (choices?.length && !choices.includes(value)) return `${fields[name].label} must be one of ${choices.join(', ')}.`;
    }
    for (const [, , , measure = 'response'] of changes.targets ?? []) {
      if (!MEASURES.includes(measure)) return `The engine in this browser does not know the measure “${measure}” yet.`;
    }
  }
  const seconds = recipe.seconds ?? fields.seconds.default;
  return seconds > MOST_SECONDS ? `Sounds longer than ${MOST_SECONDS} s are not dreamed in the browser: choose a shorter one.` : '';
}

/**
 * A recipe with all its fields.
 *
 * @param {Partial<Recipe>} recipe
 * @param {Record<string, Field>} fields
 * @returns {Recipe}
 */
export const complete = (recipe, fields) => /** @type {Recipe} */ ({
  ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.default])),
  ...recipe,
});

/**
 * The recipes of all stages, the first included.
 *
 * @param {Recipe} recipe
 * @returns {Recipe[]}
 */
export function eachStage({ stages, ...recipe }) {
  const chain = [/** @type {Recipe} */ (recipe)];
  for (const changes of stages ?? []) chain.push({ ...chain[chain.length - 1], ...changes });
  return chain;
}

/**
 * `enum dream_number` of ``engine.h``, then layers and targets.
 *
 * @param {Network} network
 * @param {Recipe} recipe
 * @param {number} samples
 */
function numbersOf({ convolutions, maps }, recipe, samples) {
  return Int32Array.from([
    samples,
    convolutions.length,
    recipe.targets.length,
    TAPS.indexOf(recipe.tap),
    recipe.iterations,
    recipe.smoothing === 'off' ? 0 : recipe.smoothing_kernel,
    PADDINGS.indexOf(recipe.padding),
    LOW_PASSES.indexOf(recipe.low_pass),
    recipe.low_pass_order,
    NORMALISATIONS.indexOf(recipe.normalisation),
    recipe.unroll ? 1 : 0,
    TEXTURES.indexOf(recipe.texture),
    ...convolutions.flatMap((row, layer) => [...row, maps[layer]]),
    ...recipe.targets.flatMap(([layer, map, , measure], index) => [
      layer, map ?? -1, MEASURES.indexOf(measure ?? 'response'), recipe.curves?.[index]?.length ?? 0,
    ]),
  ]);
}

/**
 * `enum dream_real` of ``engine.h``, then the targets' weights, then their curves' points.
 *
 * @param {Network} network
 * @param {Recipe} recipe
 * @param {number} sampleRate
 */
function realsOf({ epsilon }, recipe, sampleRate) {
  return Float64Array.from([
    sampleRate,
    recipe.learning_rate,
    recipe.smoothing_coefficient,
    recipe.cutoff_hz,
    recipe.low_cut_hz,
    recipe.closeness,
    epsilon,
    recipe.texture_seconds,
    ...recipe.targets.map(([, , weight]) => weight ?? 1),
    ...(recipe.curves ?? []).flat(2),
  ]);
}

/**
 * Lay a plan out in an instance's memory; returns its address.
 *
 * @param {import('./wasm.js').Instance} instance
 * @param {Network} network
 * @param {Recipe} recipe  complete
 * @param {number} samples
 * @param {number} sampleRate  Hz
 * @throws {Error} if the engine cannot hold it; the message says why
 */
export function layPlan(instance, network, recipe, samples, sampleRate) {
  const numbers = instance.put(numbersOf(network, recipe, samples));
  const reals = instance.put(realsOf(network, recipe, sampleRate));
  const bytes = Number(instance.functions.dream_plan_bytes(numbers, reals));
  if (bytes < 0) throw new Error(REASONS.get(bytes));
  const plan = instance.take(bytes);
  const mark = instance.mark;
  const failed = instance.functions.dream_plan(plan, numbers, reals, instance.put(network.weights));
  instance.giveBack(mark); // a plan holds weights of its own
  if (failed) throw new Error(REASONS.get(failed));
  return plan;
}
