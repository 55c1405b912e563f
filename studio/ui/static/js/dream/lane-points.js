// A curve under the fingers: points are added, moved, removed; how a lane shows them.

import { contract } from '../lib/contract.js';

export const MOST_POINTS = contract.recipe.curves.most_points;
const LEAST = 0.01; // a curve is nowhere nothing at all

/** @typedef {import('../lib/types.js').Curve} Curve */
/** @typedef {{ curve: Curve, index: number }} Edit  the curve, and which of its points was touched */

/** @param {number} number */
const rounded = number => Number(Math.min(1, Math.max(0, number)).toFixed(4));

/**
 * What is edited where there is no curve yet: full throughout.
 *
 * @param {Curve | undefined} curve
 * @returns {Curve}
 */
export const opened = curve => (curve?.length ? curve : [[0, 1], [1, 1]]);

/**
 * The value of a curve at a time, as `studio.dreaming.curves` has it.
 *
 * @param {Curve} curve
 * @param {number} time
 */
export function valueAt(curve, time) {
  if (!curve.length) return 1;
  const next = curve.findIndex(([at]) => time <= at);
  if (next < 0) return curve[curve.length - 1][1];
  if (!next) return curve[0][1];
  const [[begin, from], [end, to]] = [curve[next - 1], curve[next]];
  return from + (to - from) * ((time - begin) / (end - begin));
}

/**
 * @param {Curve | undefined} curve
 * @param {number} time
 * @param {number} [value]  by default what the curve has there
 * @returns {Edit | null} null where there are too many
 */
export function added(curve, time, value = valueAt(opened(curve), time)) {
  const points = opened(curve);
  if (points.length >= MOST_POINTS) return null;
  const index = points.findIndex(([at]) => at > time);
  const place = index < 0 ? points.length : index;
  return settled([...points.slice(0, place), [rounded(time), rounded(value)], ...points.slice(place)], place);
}

/**
 * A point stays between its neighbours.
 *
 * @param {Curve} curve
 * @param {number} index
 * @param {number} time
 * @param {number} value
 * @returns {Edit}
 */
export function moved(curve, index, time, value) {
  const least = curve[index - 1]?.[0] ?? 0;
  const most = curve[index + 1]?.[0] ?? 1;
  const kept = Math.min(most, Math.max(least, rounded(time)));
  return settled(curve.map((point, at) => (at === index ? [kept, rounded(value)] : point)), index);
}

/**
 * Without its last point there is no curve.
 *
 * @param {Curve} curve
 * @param {number} index
 * @returns {Edit}
 */
export function removed(curve, index) {
  return settled(curve.filter((_, at) => at !== index), Math.max(0, Math.min(index, curve.length - 2)));
}

/**
 * @param {Curve} curve
 * @param {number} index
 * @returns {Edit}
 */
function settled(curve, index) {
  const nothing = curve.length && curve.every(([, value]) => value === 0);
  return { curve: nothing ? curve.map(([at, value], place) => [at, place === index ? LEAST : value]) : curve, index };
}

/**
 * Which point lies nearest, within reach; −1 where none does.
 *
 * @param {Curve} curve
 * @param {{ time: number, value: number }} place
 * @param {{ width: number, height: number, reach: number }} lane  in pixels
 */
export function nearest(curve, { time, value }, { width, height, reach }) {
  const distances = curve.map(([at, level]) => Math.hypot((at - time) * width, (level - value) * height));
  const least = Math.min(reach, ...distances);
  return distances.indexOf(least);
}
