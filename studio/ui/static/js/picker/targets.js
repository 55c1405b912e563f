// Targets as a recipe lists them, [layer, map, weight, measure]: what is asked of them, in words, and
// what they need.

import { contract } from '../lib/contract.js';

/** @typedef {import('../lib/types.js').Target} Target */
/** @typedef {import('../lib/types.js').Measure} Measure */
/** @typedef {import('../lib/types.js').Changes} Changes */

export const MEASURES = contract.recipe.targets.measures;
/** The paper's. */
export const FIRST_MEASURE = MEASURES[0];

/** @param {Target} target */
export const measureOf = target => target[3] || FIRST_MEASURE;

/** @param {Target} target */
export const weightOf = target => target[2] ?? 1;

/**
 * The measure is left out where it is the paper's.
 *
 * @param {number} layer
 * @param {number | null} map
 * @param {number} [weight]
 * @param {Measure} [measure]
 * @returns {Target}
 */
export function targetOf(layer, map, weight = 1, measure = FIRST_MEASURE) {
  return measure === FIRST_MEASURE ? [layer, map, weight] : [layer, map, weight, measure];
}

/**
 * Whether a target of any stage is to respond as to a guide sound.
 *
 * @param {{ targets: Target[], stages?: Changes[] }} recipe
 */
export function needsGuide({ targets, stages }) {
  return [targets, ...(stages || []).map(changes => changes.targets || [])]
    .some(asked => asked.some(target => measureOf(target) === 'guide'));
}

/**
 * What a measure asks of a map; a weight below 0 avoids it.
 *
 * @param {Measure} measure
 * @param {number} weight
 * @param {boolean} isClass  the map is a class's log-probability, whose square is largest where the
 *   class is least likely
 */
export function asked(measure, weight, isClass) {
  const seek = {
    response: isClass ? 'be unlike this class' : 'respond more',
    activation: isClass ? 'sound like this class' : 'rise',
    guide: 'respond as to the guide',
  };
  const avoid = {
    response: isClass ? 'avoid being unlike this class' : 'avoid responding',
    activation: isClass ? 'avoid this class' : 'avoid rising',
    guide: 'avoid responding as to the guide',
  };
  return (weight < 0 ? avoid : seek)[measure];
}
