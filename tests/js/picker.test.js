import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract } from '../../studio/ui/static/js/lib/contract.js';
import { Catalogue, scaleOf } from '../../studio/ui/static/js/picker/catalogue.js';
import { neighbour } from '../../studio/ui/static/js/picker/faders.js';
import { MapWords } from '../../studio/ui/static/js/picker/mapwords.js';
import { describe, lackOf, State } from '../../studio/ui/static/js/picker/state.js';
import { asked, needsGuide, targetOf } from '../../studio/ui/static/js/picker/targets.js';
import { View } from '../../studio/ui/static/js/picker/view.js';
import { scale } from '../../studio/ui/static/js/lib/numbers.js';

const defaults = /** @type {any} */ (Object.fromEntries(Object.entries(contract.recipe.fields).map(([name, field]) => [name, field.default])));
const classes = Array.from({ length: 10 }, (_, i) => `class ${i}`);
const models = Object.entries(contract.architectures).map(([architecture, { hidden_channels: hidden }]) => ({
  dataset: 'events', architecture, classes, channels: [...hidden, classes.length], card: {},
}));

/** @param {object} [first] */
const newState = (first = {}) => new State({ models, architectures: contract.architectures, first: { ...defaults, dataset: 'events', ...first }, defaults });

test('layers have the lengths of their convolutions, and end in the classes', () => {
  const { layers } = newState({ architecture: 'model1' });
  let length = contract.sample_rate;
  contract.architectures.model1.convolutions.forEach(([kernel, stride, padding], i) => {
    length = Math.floor((length + 2 * padding - kernel) / stride) + 1;
    assert.equal(layers[i].length, length);
  });
  assert.deepEqual(layers[layers.length - 1], { length: 1, channels: 10, label: String(layers.length - 1), output: true });
});

test('targets are kept inside another network, and none is there twice', () => {
  const state = newState({ architecture: 'model2', targets: [[7, 3, 1], [8, 3, 1], [0, 1, 0.5]] });
  state.set({ architecture: 'model1' });
  const last = state.layers.length - 1;
  assert.deepEqual(state.recipe.targets, [[last, 3, 1], [0, 1, 0.5]]);
});

test('a guide is named exactly while a target needs one', () => {
  const state = newState();
  assert.equal(state.recipe.guide, 'none');
  state.set({ targets: [targetOf(0, 1, 1, 'guide')] });
  assert.equal(state.recipe.guide, 'tone');
  state.setGuide({ token: 't', name: 'bell.wav' });
  assert.deepEqual(state.guideRecording, { token: 't', name: 'bell.wav' });
  state.set({ targets: [[0, 1, 1]] });
  assert.equal(state.recipe.guide, 'none');
});

test('what cannot be asked here becomes the paper’s response', () => {
  const state = new State({ models, architectures: contract.architectures, first: { ...defaults, dataset: 'events' }, measures: contract.live.measures });
  state.set({ targets: [[0, 1, -1, 'guide'], [0, 2, 1, 'activation']] });
  assert.deepEqual(state.recipe.targets, [[0, 1, -1], [0, 2, 1, 'activation']]);
});

test('who watches a field is told at once, of it, and of nothing else', () => {
  const state = newState();
  /** @type {unknown[]} */
  const heard = [];
  const life = new AbortController();
  state.watch(['seed'], source => heard.push(source), { signal: life.signal });
  state.set({ seed: 2 }, 'studio');
  state.set({ iterations: 5 });
  life.abort();
  state.set({ seed: 3 });
  assert.deepEqual(heard, [null, 'studio']);
});

test('a recipe that leaves things out gets their defaults, not what was there before', () => {
  const state = newState({ stages: [{ iterations: 3 }], closeness: 2 });
  state.replace({ seed: 8 });
  assert.deepEqual([state.recipe.seed, state.recipe.stages, state.recipe.closeness], [8, [], 0]);
});

test('recipes are told in words', () => {
  const state = newState({ architecture: 'model1' });
  const last = state.layers.length - 2;
  const said = describe(state, { dataset: 'events', architecture: 'model1', targets: [[last, 4, 1], [0, null, 1], [1, 2, 1]] });
  assert.equal(said.model, 'Events · Model1');
  assert.equal(said.targets, `layer ${last}, class 4 + layer 0, all maps + 1 more`);
});

test('the last target stays, and a mix is bounded', () => {
  const state = newState({ targets: [[0, 0, 1]] });
  const view = new View(state);
  view.drop(0);
  assert.deepEqual(state.recipe.targets, [[0, 0, 1]]);
  view.toggle(0, 5, true);
  assert.deepEqual(state.recipe.targets, [[0, 0, 1], [0, 5, 1]]);
  view.toggle(0, 5, true);
  view.weigh(0, -2);
  assert.deepEqual(state.recipe.targets, [[0, 0, -2]]);
  view.toggle(1, 2, false);
  assert.deepEqual(state.recipe.targets, [[1, 2, -2]]);
});

test('measures are asked for in words', () => {
  assert.equal(asked('response', 1, false), 'respond more');
  assert.equal(asked('activation', -1, true), 'avoid this class');
  assert.ok(needsGuide({ targets: [[0, 0, 1]], stages: [{ targets: [[0, 0, 1, 'guide']] }] }));
  assert.ok(!needsGuide({ targets: [[0, 0, 1]] }));
});

test('an arrow key reaches the next value that a fader can show', () => {
  const places = scale({ minimum: 1, maximum: 255, step: 2, whole: true, odd: true });
  assert.equal(neighbour(places, 9, 1), 11);
  assert.equal(neighbour(places, 9, -1), 7);
  assert.equal(neighbour(places, 255, 1), 255);
});

const table = {
  groups: [
    { dataset: 'speech', architecture: 'model1', layer: 1, count: 2, file: 'a.ogg' },
    { dataset: 'events', architecture: 'model2', layer: 3, count: 4, file: 'b.ogg', labels: ['dog', 'cat', 'rain', 'bell'] },
  ],
  columns: {
    map: [5, 6, 0, 1, 2, 3], seed: 7, brightness_mean: [100, 200, 400, 800, 1600, null], loudness_mean: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
    noisiness_mean: [1, 2, 3, 4, 5, 6], pitchedness: [0, 0.2, 0.4, 0.6, 0.8, 1],
  },
  recipe: defaults, made: 6, expected: 6,
};

test('a sound is found by its name, and its recipe makes it again', () => {
  const catalogue = new Catalogue(table);
  assert.equal(catalogue.count, 6);
  const row = catalogue.find('events-model2-3-1');
  assert.equal(row, 3);
  assert.equal(catalogue.title(3), 'cat');
  assert.equal(catalogue.title(1), 'Layer 1, map 6');
  assert.equal(catalogue.detail(3), 'Events · Model2 · layer 3, map 1');
  const { dataset, architecture, targets, seed } = catalogue.recipeOf(3);
  assert.deepEqual([dataset, architecture, targets, seed], ['events', 'model2', [[3, 1, 1]], 7]);
  assert.deepEqual(catalogue.datasets, ['events', 'speech']); // the paper's order
  assert.equal(catalogue.find('events-model2-3-9'), undefined);
});

test('a scale runs from the least to the greatest, by ratios where that is what is heard', () => {
  const { places, value, typical } = scaleOf(Float64Array.of(100, 1000, 10000, NaN), true);
  assert.deepEqual([...places].map(place => Number(place.toFixed(3))), [0, 0.5, 1, 0]);
  assert.ok(Math.abs(value(0.5) - 1000) < 1e-6);
  assert.ok(typical[0] < typical[1]);
  assert.ok(Number.isFinite(scaleOf(Float64Array.of(3, 3)).places[0])); // all the same
});

test('words say at which end of its layer a map is', () => {
  const catalogue = new Catalogue(table);
  const words = new MapWords(catalogue, new Map([[0, 2], [1, 3], [2, 4], [3, 5]]));
  assert.ok(words.is('bright', 2) && words.is('brig', 2) && !words.is('bright', 0));
  assert.ok(words.is('tonal', 0) && words.is('noisy', 3));
  assert.ok(!words.is('unheard', 2) && !words.is('bright', 99));
  assert.deepEqual(words.of(0).includes('loud'), false, 'where all are the same, no word of a pair fits');
  assert.deepEqual(words.near(0, 2), [1, 2].sort((a, b) => a - b));
  assert.ok(words.facts(1).includes('brightness 800 Hz'));
});

test('what of a recipe is not here is said, and nothing where all is', () => {
  /** @param {object} changes */
  const lack = changes => lackOf(models, { dataset: 'events', architecture: 'model1', targets: [[0, 0, 1]], ...changes });
  assert.equal(lack({}), '');
  assert.equal(lack({ targets: [[4, 9, 1], [3, null, 1]], stages: [{ iterations: 3 }] }), '');
  assert.match(lack({ dataset: 'whales' }), /^the model whales-model1 is not here/);
  assert.match(lack({ targets: [[0, 0, 1], [5, 0, 1]] }), /has no layer 5 here/);
  assert.match(lack({ targets: [[4, 10, 1]] }), /has no map 10 in layer 4 here/);
  assert.match(lack({ stages: [{ targets: [[0, 99, 1]] }] }), /has no map 99 in layer 0 here/);
});
