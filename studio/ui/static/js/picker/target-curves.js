// A curve belongs to its target: it stays with it when targets come, go or change places.

/** @typedef {import('../lib/types.js').Curve} Curve */
/** @typedef {import('../lib/types.js').Target} Target */

/**
 * The curves of targets that have taken the place of others. A target that was there keeps its own; one
 * that replaces another, while their number stays, takes over the curve.
 *
 * @param {Target[]} targets
 * @param {{ targets: Target[], curves?: Curve[] }} before
 * @returns {Curve[]}
 */
export function carried(targets, { targets: old, curves = [] }) {
  /** @param {Target} target */
  const place = target => old.findIndex(other => other[0] === target[0] && other[1] === target[1]);
  const swapped = targets.length === old.length;
  return targets.map((target, index) => {
    const at = place(target);
    return curves[at < 0 && swapped ? index : at] ?? [];
  });
}

/**
 * As a recipe may hold them: none of the output layer, at most one for each target, no empty ones at the end.
 *
 * @param {Target[]} targets
 * @param {Curve[]} curves
 * @param {number} output  the layer that answers once for the whole sound
 * @returns {Curve[]} the same where nothing is wrong
 */
export function fittingCurves(targets, curves, output) {
  const fit = targets.map(([layer], index) => (layer === output ? [] : curves[index] ?? []));
  while (fit.length && !fit[fit.length - 1].length) fit.pop();
  const same = fit.length === curves.length && fit.every((curve, index) => curve === curves[index] || !(curve.length || curves[index].length));
  return same ? curves : fit;
}
