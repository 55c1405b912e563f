import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropNear, says } from '../../studio/ui/static/js/gallery/filters.js';
import { axis, axisChoices, LIKENESS } from '../../studio/ui/static/js/gallery/places.js';
import { nearestPoint, nextTowards } from '../../studio/ui/static/js/gallery/walk.js';
import { contract } from '../../studio/ui/static/js/lib/contract.js';
import { digest } from '../../studio/ui/static/js/models/mixups.js';
import { Catalogue } from '../../studio/ui/static/js/picker/catalogue.js';

const points = [[0, 0], [10, 0], [20, 1], [0, 10], [-5, -5]];
const map = {
  catalogue: { count: points.length },
  visible: [1, 1, 1, 1, 1],
  /** @param {number} row @returns {[number, number]} */
  place: row => [points[row][0], points[row][1]],
};

test('the nearest point is meant, if it is near enough and shown', () => {
  assert.equal(nearestPoint(map, 9, 1, 5), 1);
  assert.equal(nearestPoint(map, 100, 100, 5), null);
  assert.equal(nearestPoint({ ...map, visible: [1, 0, 1, 1, 1] }, 9, 1, Infinity), 0);
});

test('arrows walk straight ahead, and end at the edge', () => {
  assert.equal(nextTowards(map, 0, 1, 0), 1);
  assert.equal(nextTowards(map, 1, 1, 0), 2);
  assert.equal(nextTowards(map, 2, 1, 0), null);
  assert.equal(nextTowards(map, 0, 0, 1), 3);
});

const catalogue = new Catalogue({
  groups: [
    { dataset: 'events', architecture: 'model2', layer: 3, count: 2, file: 'a', labels: ['dog, barking', 'cat'] },
    { dataset: 'speech', architecture: 'model1', layer: 1, count: 2, file: 'b' },
  ],
  columns: { map: [7, 70, 1, 2], seed: 1, x: [0, 2000, 500, 1000], y: [0, 0, 0, 0], brightness_mean: [100, 200, 400, 800] },
  recipe: /** @type {any} */ ({}), made: 4, expected: 4,
});

test('a near-duplicate is hidden where what it is like is shown', () => {
  const like = [-1, 0, 0, -1, 3];
  const visible = Uint8Array.from([1, 1, 1, 0, 1]);
  dropNear(visible, row => like[row]);
  assert.deepEqual([...visible], [1, 0, 0, 0, 1]);
});

test('sounds are found by class, map, layer and name', () => {
  assert.ok(says(catalogue, 0, 'dog, bark'));
  assert.ok(says(catalogue, 0, 'map 7') && !says(catalogue, 1, 'map 7'), 'map 7 is not map 70');
  assert.ok(says(catalogue, 2, 'layer 1') && !says(catalogue, 0, 'layer 1'));
  assert.ok(says(catalogue, 1, 'events-model2-3-70'));
  assert.ok(says(catalogue, 3, ''));
});

test('every choice of axis places all points inside, the same each time', () => {
  for (const [name] of axisChoices(catalogue)) {
    for (const side of /** @type {const} */ (['x', 'y'])) {
      const { places, marks } = axis(catalogue, name, side);
      assert.equal(places.length, catalogue.count);
      assert.ok(places.every(place => place >= 0 && place <= 1), name);
      assert.deepEqual(places, axis(catalogue, name, side).places);
      assert.equal(marks.length > 0, name !== LIKENESS);
    }
  }
});

test('the gallery’s features are those that the studio measures', () => {
  const full = Object.fromEntries(contract.gallery_features.map(name => [name, [1, 2, 3, 4]]));
  const all = new Catalogue({
    groups: [{ dataset: 'events', architecture: 'model1', layer: 0, count: 4, file: 'a' }], columns: { map: [0, 1, 2, 3], ...full },
    recipe: /** @type {any} */ ({}), made: 4, expected: 4,
  });
  assert.deepEqual(all.features.map(({ name }) => name), contract.gallery_features);
});

test('mistakes are counted by class', () => {
  const found = digest({ clips: 10, accuracy: 0.5, order: [0, 1, 2], entries: [[0, 0, 3], [0, 1, 1], [1, 1, 4], [2, 0, 2]], mistakes: [[2, 0, 2], [0, 1, 1]] },
    { classes: ['a', 'b', 'c'] });
  assert.ok(!('missing' in found));
  assert.deepEqual(found.totals, [4, 4, 2]);
  assert.deepEqual(found.right, [3, 4, 0]);
  assert.deepEqual(found.worst.map(mistake => mistake?.answer), [1, undefined, 0]);
  assert.equal(found.mistakes[0].share, 1);
  assert.deepEqual(digest({ missing: 'no', command: 'studio inside' }, { classes: [] }), { missing: 'no', command: 'studio inside' });
});
