// Another recipe near this one: "a little" keeps its character, "a lot" only its model.

import { carried, fittingCurves } from '../picker/target-curves.js';
import { weightOf } from '../picker/targets.js';

const OFFSETS = [0, 1, 4, 16, 64, 256];
const STARTS = ['white noise', 'white noise', 'impulse', 'tone'];
/** @type {Record<string, [low: number, high: number]>} */
const LIMITS = { learning_rate: [0.005, 0.2], cutoff_hz: [1500, 20000] };
const NEAR = 5;
const MOST_SEED = 100000;

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('../lib/types.js').Target} Target */
/** @typedef {Pick<import('../picker/state.js').State, 'recipe' | 'layers' | 'recording'>} Settings */

/**
 * Maps that sound like one of a layer, as far as that is known.
 *
 * @typedef {(layer: number, map: number, count: number) => number[]} Near
 */

/**
 * What is to be changed.
 *
 * @param {Settings} state
 * @param {boolean} far
 * @param {Near} [near]
 * @param {() => number} [chance]  from 0 up to 1
 * @returns {Partial<Recipe>}
 */
export function vary(state, far, near = () => [], chance = Math.random) {
  const { recipe, layers } = state;
  /** @type {<T>(list: T[]) => T} */
  const pick = list => list[Math.floor(chance() * list.length)];
  const spread = far ? 0.8 : 0.25;
  /** @type {Partial<Recipe>} */
  const changes = { seed: Math.floor(chance() * MOST_SEED) };
  for (const [name, [low, high]] of Object.entries(LIMITS)) {
    const moved = recipe[name] * Math.exp((2 * chance() - 1) * spread);
    const kept = Math.min(Math.max(high, recipe[name]), Math.max(Math.min(low, recipe[name]), moved));
    changes[name] = Number(kept.toPrecision(2));
  }
  const last = OFFSETS.length - 1;
  const at = OFFSETS.findIndex(offset => offset >= recipe.max_offset);
  if (far) changes.max_offset = pick(OFFSETS);
  else if (chance() < 0.4) changes.max_offset = OFFSETS[Math.min(last, Math.max(0, (at < 0 ? last : at) + pick([-1, 1])))];
  if (far && !state.recording && chance() < 0.5) changes.initial = pick(STARTS);
  const targets = far ? farTargets(state, pick, chance) : nearTargets(recipe, near, pick);
  changes.targets = targets;
  if (recipe.curves?.length) changes.curves = fittingCurves(targets, carried(targets, recipe), layers.length - 1);
  return changes;
}

/**
 * One of the maps gives way to one that sounds like it; weights move a little.
 *
 * @param {Recipe} recipe
 * @param {Near} near
 * @param {<T>(list: T[]) => T} pick
 */
function nearTargets({ targets }, near, pick) {
  const which = pick(targets.map((_, index) => index));
  const taken = new Set(targets.map(([layer, map]) => `${layer}/${map}`));
  return targets.map((target, index) => {
    const [layer, map, , ...measure] = target;
    const weight = weightOf(target);
    const others = index === which && map !== null ? near(layer, map, NEAR).filter(other => !taken.has(`${layer}/${other}`)) : [];
    const weighed = targets.length > 1 ? Number((weight * pick([0.8, 1, 1.25])).toFixed(2)) || weight : weight;
    return /** @type {Target} */ ([layer, others.length ? pick(others) : map, weighed, ...measure]);
  });
}

/**
 * The same network, this layer or the next to it, any maps.
 *
 * @param {Settings} state
 * @param {<T>(list: T[]) => T} pick
 * @param {() => number} chance
 */
function farTargets({ recipe, layers }, pick, chance) {
  const layer = Math.min(layers.length - 1, Math.max(0, recipe.targets[0][0] + pick([-1, 0, 1])));
  const { channels } = layers[layer];
  const maps = new Set([Math.floor(chance() * channels)]);
  if (chance() < 0.3) maps.add(Math.floor(chance() * channels));
  return [...maps].map(map => /** @type {Target} */ ([layer, map, 1]));
}
