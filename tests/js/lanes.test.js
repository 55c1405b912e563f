import assert from 'node:assert/strict';
import { test } from 'node:test';
import { added, MOST_POINTS, moved, nearest, opened, removed, valueAt } from '../../studio/ui/static/js/dream/lane-points.js';
import { vary } from '../../studio/ui/static/js/dream/vary.js';
import { contract } from '../../studio/ui/static/js/lib/contract.js';
import { State } from '../../studio/ui/static/js/picker/state.js';
import { carried, fittingCurves } from '../../studio/ui/static/js/picker/target-curves.js';

/** @typedef {import('../../studio/ui/static/js/lib/types.js').Curve} Curve */

const defaults = /** @type {any} */ (Object.fromEntries(Object.entries(contract.recipe.fields).map(([name, field]) => [name, field.default])));
const models = [{ dataset: 'events', architecture: 'model1', classes: ['a', 'b'], channels: [32, 64, 128, 2], card: {} }];
/** @type {Curve} */
const RISE = [[0, 0], [1, 1]];
/** @type {Curve} */
const FALL = [[0, 1], [1, 0]];

/** @param {object} first */
const newState = first => new State({ models, architectures: contract.architectures, first: { ...defaults, dataset: 'events', ...first }, defaults });

test('a curve is read as the studio reads it, jumps included', () => {
  /** @type {Curve} */
  const curve = [[0.25, 0.5], [0.5, 1], [0.5, 0], [0.75, 0.25]];
  assert.deepEqual([0, 0.25, 0.375, 0.5, 0.625, 0.75, 1].map(time => valueAt(curve, time)), [0.5, 0.5, 0.75, 1, 0.125, 0.25, 0.25]);
  assert.equal(valueAt([], 0.3), 1);
});

test('points are added in order, on the curve unless told where', () => {
  assert.deepEqual(added(RISE, 0.4), { curve: [[0, 0], [0.4, 0.4], [1, 1]], index: 1 });
  assert.deepEqual(added([], 0.5, 0.2), { curve: [[0, 1], [0.5, 0.2], [1, 1]], index: 1 });
  assert.deepEqual(added(opened(undefined), 1, 2)?.curve, [[0, 1], [1, 1], [1, 1]]);
  const full = /** @type {Curve} */ (Array.from({ length: MOST_POINTS }, (_, i) => [i / MOST_POINTS, 1]));
  assert.equal(added(full, 0.5), null);
});

test('a point stays between its neighbours and within the lane', () => {
  const { curve } = /** @type {import('../../studio/ui/static/js/dream/lane-points.js').Edit} */ (added(RISE, 0.5));
  assert.deepEqual(moved(curve, 1, 2, -1).curve, [[0, 0], [1, 0], [1, 1]]);
  assert.deepEqual(moved(curve, 0, 0.9, 0.33333).curve[0], [0.5, 0.3333]);
  assert.deepEqual(curve, [[0, 0], [0.5, 0.5], [1, 1]]); // the old one is as it was, for Undo
});

test('no edit leaves a curve that is nothing throughout', () => {
  assert.deepEqual(moved(RISE, 1, 1, 0).curve, [[0, 0], [1, 0.01]]);
  assert.deepEqual(removed(RISE, 1), { curve: [[0, 0.01]], index: 0 });
  assert.deepEqual(removed([[0.5, 1]], 0), { curve: [], index: 0 });
});

test('a finger takes the nearest point within reach', () => {
  const lane = { width: 1000, height: 60, reach: 12 };
  assert.equal(nearest(RISE, { time: 0.005, value: 0.05 }, lane), 0);
  assert.equal(nearest(RISE, { time: 0.5, value: 0.5 }, lane), -1);
  assert.equal(nearest([], { time: 0, value: 1 }, lane), -1);
});

test('a curve stays with its target', () => {
  const state = newState({ targets: [[1, 3, 1], [2, 5, 1]], curves: [RISE, FALL] });
  state.set({ targets: [[2, 5, 1]] });
  assert.deepEqual(state.recipe.curves, [FALL]);
  state.set({ targets: [[0, 1, 1], [2, 5, 0.5]] });
  assert.deepEqual(state.recipe.curves, [[], FALL]);
  state.set({ targets: [[0, 1, 1], [2, 6, 0.5]] }); // another map in its place
  assert.deepEqual(state.recipe.curves, [[], FALL]);
  state.set({ targets: [[0, 1, 1], [4, 0, 1]] }); // the output has none
  assert.deepEqual(state.recipe.curves, []);
  assert.deepEqual(carried([[2, 5], [1, 3]], { targets: [[1, 3], [2, 5]], curves: [RISE] }), [[], RISE]);
});

test('recipes without curves bring none, and those that fit are left alone', () => {
  const state = newState({ targets: [[1, 3, 1]], curves: [RISE] });
  state.replace({ targets: [[2, 1]] });
  assert.deepEqual(state.recipe.curves, []);
  const curves = [RISE];
  assert.equal(fittingCurves([[1, 3]], curves, 4), curves);
  assert.deepEqual(fittingCurves([[1, 3]], [RISE, FALL], 4), [RISE]);
});

test('a variation never has more curves than targets', () => {
  const state = newState({ targets: [[1, 3, 1], [2, 5, 1], [3, 1, 1]], curves: [RISE, FALL, RISE] });
  for (let seed = 1; seed < 30; seed += 1) {
    let at = seed;
    const chance = () => (at = (at * 16807) % 2147483647) / 2147483647;
    for (const far of [false, true]) {
      const { targets = [], curves = [] } = vary(state, far, () => [], chance);
      assert.ok(curves.length <= targets.length);
      if (!far) assert.deepEqual(curves, [RISE, FALL, RISE]);
    }
  }
});
