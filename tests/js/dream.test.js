import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curvePlaces } from '../../studio/ui/static/js/dream/curves.js';
import { History } from '../../studio/ui/static/js/dream/history.js';
import { Pair } from '../../studio/ui/static/js/dream/pair.js';
import { scalesOf } from '../../studio/ui/static/js/dream/plot.js';
import { queueWords } from '../../studio/ui/static/js/dream/sound-panel.js';
import { TakeStore } from '../../studio/ui/static/js/dream/take-store.js';
import { vary } from '../../studio/ui/static/js/dream/vary.js';
import { contract, problemOf } from '../../studio/ui/static/js/lib/contract.js';
import { State } from '../../studio/ui/static/js/picker/state.js';

const { fields } = contract.recipe;
const defaults = /** @type {any} */ (Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.default])));
const models = [{ dataset: 'events', architecture: 'model1', classes: ['a', 'b'], channels: [32, 64, 128, 2], card: {} }];

/** @param {object} [first] */
const newState = (first = {}) => new State({ models, architectures: contract.architectures, first: { ...defaults, dataset: 'events', ...first }, defaults });

test('a drag is one step back, two settings are two', () => {
  let now = 0;
  const state = newState({ seed: 1, iterations: 10 });
  const history = new History(state, () => now);
  for (let seed = 2; seed <= 9; seed += 1) {
    now += 50;
    state.set({ seed });
  }
  now += 1000;
  state.set({ iterations: 20 });
  history.undo();
  assert.deepEqual([state.recipe.seed, state.recipe.iterations], [9, 10]);
  history.undo();
  assert.equal(state.recipe.seed, 1);
  history.undo(); // there is nothing more
  assert.equal(state.recipe.seed, 1);
  history.redo();
  history.redo();
  assert.deepEqual([state.recipe.seed, state.recipe.iterations], [9, 20]);
});

test('what changes within a moment is one step, and a change ends the way forward', () => {
  let now = 0;
  const state = newState();
  const history = new History(state, () => now);
  now = 100;
  state.set({ seed: 5 });
  now = 110;
  state.set({ cutoff_hz: 500 });
  history.undo();
  assert.deepEqual([state.recipe.seed, state.recipe.cutoff_hz], [defaults.seed, defaults.cutoff_hz]);
  now = 1000;
  state.set({ seed: 6 });
  assert.equal(history.future.length, 0);
});

test('undo brings a recording back, too', () => {
  let now = 0;
  const state = newState();
  const history = new History(state, () => now);
  const recording = /** @type {any} */ ({ token: 't', name: 'voice.wav', seconds: 2 });
  now = 100;
  state.setRecording(recording, { initial: 'voice.wav' });
  now = 1000;
  state.setRecording(null, { initial: 'tone' });
  history.undo();
  assert.equal(state.recording, recording);
  assert.equal(state.recipe.initial, 'voice.wav');
});

test('variations stay inside every range, and keep a number of targets', () => {
  const state = newState({ targets: [[1, 3, 1], [2, 7, -0.5, 'activation']] });
  for (const far of [false, true]) {
    for (let round = 0; round < 300; round += 1) {
      const changes = vary(state, far, () => [4, 5]);
      for (const [name, value] of Object.entries(changes)) assert.equal(problemOf(fields[name], value), '', `${name} ${value}`);
      const { targets = [] } = changes;
      assert.ok(targets.length >= 1 && targets.length <= 2);
      for (const [layer, map, weight] of targets) {
        assert.ok(weight !== 0 && map !== null && map < state.layers[layer].channels);
      }
    }
  }
});

test('a little keeps the character: the layers, the measures, and all maps but one', () => {
  const state = newState({ targets: [[1, 3, 1], [2, 7, -0.5, 'activation']] });
  const { targets = [] } = vary(state, false, () => [9], () => 0);
  assert.deepEqual(targets.map(([layer, map, , measure]) => [layer, map, measure]), [[1, 9, undefined], [2, 7, 'activation']]);
});

/**
 * @param {number[]} values
 * @returns {any}
 */
const traceOf = values => ({
  iteration: values.map((_, i) => i * 10), loudness: values, brightness: values, noisiness: values, roughness: values,
});

test('a curve fills the height, but small changes stay small', () => {
  assert.deepEqual(curvePlaces(traceOf([0.1, 0.3, 0.2]), 'loudness', 20).map(([x]) => x), [0, 0.5, 1]);
  const heights = curvePlaces(traceOf([0.1, 0.3, 0.2]), 'loudness', 20).map(([, y]) => Number(y.toFixed(6)));
  assert.deepEqual(heights, [0, 1, 0.5]);
  assert.ok(Math.max(...curvePlaces(traceOf([0.1, 0.101]), 'loudness', 10).map(([, y]) => y)) < 0.05);
  // Ratios of noisiness are heard: one tenth, and another tenth, are steps of the same height.
  const [, middle, end] = curvePlaces(traceOf([1e-6, 1e-4, 1e-2]), 'noisiness', 20).map(([, y]) => y);
  assert.ok(Math.abs(end - 2 * middle) < 1e-9);
});

test('takes that hardly differ do not fill the plot', () => {
  const { brightness } = scalesOf([{ trace: traceOf([1000]) }, { trace: traceOf([1010]) }]);
  assert.ok(brightness.low < 990 && brightness.high > 1020);
  assert.ok(brightness.y(brightness.high) < brightness.y(brightness.low));
});

test('of two takes the louder one comes down to the quieter', () => {
  /** @type {number[]} */
  const peaks = [];
  const pair = new Pair({ load: samples => peaks.push(samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)) });
  /** @param {number} level */
  const take = level => /** @type {any} */ ({ after: { rate: 44100, samples: Float32Array.from({ length: 44100 }, (_, i) => level * Math.sin(i / 10)) } });
  const [loud, quiet] = [take(0.5), take(0.05)];
  pair.pin(loud);
  pair.shown(quiet);
  assert.equal(pair.down, 0);
  pair.shown(loud);
  assert.ok(Math.abs(pair.down - 20) < 0.01);
  assert.ok(Math.abs(peaks[1] - 0.05) < 1e-3);
  assert.equal(pair.other(loud), quiet);
});

/**
 * @param {string} token
 * @returns {any}
 */
const dream = token => ({
  token, folder: `takes/${token}/`, recipe: { ...defaults, seed: Number(token) }, seconds: 1, iterations: 3, state: 'done',
  trace: traceOf(Array.from({ length: 500 }, (_, i) => i)), before: null, after: { rate: 44100, samples: Float32Array.of(0, 0.5, -0.25) },
});
const bridge = /** @type {any} */ ({ baseUrl: new URL('http://localhost/studio/') });

test('takes outlive a reload, thinned, the latest first', () => {
  localStorage.setItem('studio-takes', '[]');
  const store = new TakeStore(bridge);
  store.add(dream('1'), { name: 'one' });
  store.add(dream('2'), { name: 'two' });
  assert.ok(store.lasts);
  const again = new TakeStore(bridge);
  assert.deepEqual(again.takes.map(({ name }) => name), ['two', 'one']);
  const [take] = again.takes;
  assert.equal(take.trace.loudness.length, 40);
  assert.equal(take.trace.loudness[39], 499, 'the last value is kept');
  assert.equal(take.recipe.seed, 2);
  assert.equal(take.after, undefined, 'sounds stay on the server');
});

test('starred takes are never pushed out, and a dream made again takes its place', () => {
  localStorage.setItem('studio-takes', '[]');
  const store = new TakeStore(bridge);
  const first = store.add(dream('1'), { name: 'first' });
  first.star = true;
  for (let number = 2; number <= 70; number += 1) store.add(dream(String(number)), { name: `take ${number}` });
  assert.equal(store.takes.length, 60);
  assert.ok(store.takes.includes(first));
  const again = store.add(dream('99'), { name: 'other', replaces: '1' });
  assert.deepEqual([again.id, again.name, again.star], ['1', 'first', true]);
  assert.equal(store.takes.length, 60);
});

test('what is deleted does not come back from another window, unless it is wanted', () => {
  localStorage.setItem('studio-takes', '[]');
  const store = new TakeStore(bridge);
  const take = store.add(dream('1'), { name: 'one' });
  const restore = store.remove(take);
  store.keep();
  assert.equal(store.takes.length, 0);
  restore();
  assert.deepEqual(store.takes, [take]);
});

test('waiting is told in steps', () => {
  assert.equal(queueWords(0, null), 'You are next …');
  assert.equal(queueWords(2, 7), '2 before you · about 10 s');
  assert.equal(queueWords(1, 61), '1 before you · about 2 min');
});
