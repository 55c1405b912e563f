// What the page makes of a length: even textures, loops that fit, and what it says of them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { departures } from '../../studio/ui/static/js/dream/apart.js';
import { EvenTexture, formWords, loopLength, loopOf, loopSeconds, snappedSamples } from '../../studio/ui/static/js/dream/form.js';
import { uneven } from '../../studio/ui/static/js/dream/measured.js';
import { channelWords, restWords } from '../../studio/ui/static/js/dream/part-range.js';
import { contract } from '../../studio/ui/static/js/lib/contract.js';
import { problemOfRecording } from '../../studio/ui/static/js/lib/length.js';
import { fromText, toText } from '../../studio/ui/static/js/lib/share-link.js';
import { State } from '../../studio/ui/static/js/picker/state.js';

const { fields, loop_units: units } = contract.recipe;
const defaults = /** @type {any} */ (Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.default])));
const models = Object.entries(contract.architectures).map(([architecture, { hidden_channels: hidden }]) => ({
  dataset: 'events', architecture, classes: Array.from({ length: 10 }, (_, i) => `class ${i}`), channels: [...hidden, 10], card: {},
}));

/** @param {object} [first] */
function newState(first = {}) {
  const state = new State({ models, architectures: contract.architectures, first: { ...defaults, dataset: 'events', ...first }, defaults });
  const even = new EvenTexture();
  state.rules.push(loopLength, even);
  return { state, even };
}

test('a sound that is made longer than two seconds gets an even texture, and back', () => {
  const { state, even } = newState();
  state.set({ seconds: 2 });
  assert.equal(state.recipe.texture, 'peaked');
  state.set({ seconds: 10 });
  assert.deepEqual([state.recipe.texture, even.own], ['even', true]);
  assert.match(formWords(state.recipe, even.own), /^Over 2 s the texture is even/);
  state.set({ seconds: 1.5 });
  assert.deepEqual([state.recipe.texture, even.own], ['peaked', false]);
  assert.equal(formWords(state.recipe, even.own), '');
});

test('a texture that somebody chose wins, whichever it is', () => {
  for (const texture of ['peaked', 'even']) {
    const { state } = newState();
    state.set({ texture });
    for (const seconds of [10, 1, 30]) {
      state.set({ seconds });
      assert.equal(state.recipe.texture, texture);
    }
  }
  const { state } = newState();
  state.set({ seconds: 10 });
  state.set({ texture: 'peaked' });
  state.set({ seconds: 12 });
  assert.equal(state.recipe.texture, 'peaked');
});

test('what is loaded keeps its own values, and what it leaves out is the paper’s', () => {
  const { state, even } = newState({ low_cut_hz: 25 });
  state.replace({ seconds: 10 });
  assert.deepEqual([state.recipe.texture, state.recipe.low_cut_hz, even.own], ['peaked', 0, false]);
  state.set({ seconds: 20 }); // it was long before
  assert.equal(state.recipe.texture, 'peaked');
  state.replace({ seconds: 5, texture: 'even' });
  state.set({ seconds: 1 }); // not the page's choice
  assert.equal(state.recipe.texture, 'even');
});

test('a link brings texture, low cut, loop, width and note back, and an old one nothing of them', () => {
  const made = { ...defaults, texture: 'even', low_cut_hz: 25, padding: 'loop', stereo_width: 0.5, tune_hz: 466.16, seconds: 2 };
  assert.deepEqual({ ...defaults, .../** @type {any} */ (fromText(toText(made, defaults))) }, made);
  assert.deepEqual(fromText(toText({ ...defaults, seed: 5 }, defaults)), { seed: 5 });
});

test('a loop’s length snaps to the strides of the deepest layer that loops', () => {
  const { state } = newState({ architecture: 'model1', targets: [[2, 0, 1]], seconds: 2.3 });
  state.set({ padding: 'loop' });
  assert.equal(state.recipe.seconds, 2.25);
  assert.equal(formWords(state.recipe, false), 'A loop at layer 2 is a multiple of 0.25 s: 2.25 s.');
  state.set({ seconds: 3.2 });
  assert.equal(state.recipe.seconds, 3.25);
  state.set({ targets: [[3, 1, 1]] });
  assert.equal(state.recipe.seconds, 3);
  state.set({ padding: 'reflect' });
  state.set({ seconds: 3.2 });
  assert.equal(state.recipe.seconds, 3.2);
});

test('lengths are snapped as the studio snaps them, and a tuned loop lasts what it says', () => {
  const cases = JSON.parse(readFileSync(process.env.STUDIO_LENGTHS ?? '', 'utf8'));
  assert.ok(cases.length > 100);
  for (const { asked, samples, ...recipe } of cases) {
    const unit = loopOf(recipe)?.unit ?? 0;
    assert.equal(snappedSamples(unit, asked) / contract.sample_rate, recipe.seconds);
    assert.equal(loopSeconds(recipe, unit), samples / contract.sample_rate, JSON.stringify(recipe));
  }
});

test('stages count where they loop', () => {
  const stages = [{ padding: 'loop' }, { targets: [[1, 0]], padding: 'reflect' }];
  const recipe = { architecture: 'model2', targets: /** @type {any} */ ([[0, 1]]), seconds: 1, padding: 'reflect', stages: /** @type {any} */ (stages) };
  assert.deepEqual(loopOf(recipe), { layer: 0, unit: units.model2[0] });
  assert.equal(loopOf({ ...recipe, stages: [] }), null);
  assert.equal(loopOf({ ...recipe, targets: [[8, 1]] })?.unit, units.model2[8]);
});

test('a tuned loop says how long it will sound', () => {
  const recipe = { architecture: 'model1', targets: /** @type {any} */ ([[2, 0]]), seconds: 1, padding: 'loop', tune_hz: 440 };
  const ratio = 27.5 / 36;
  assert.equal(loopSeconds(recipe, units.model1[2]), Math.round(44100 / ratio) / 44100); // at least a second is dreamed
  assert.match(formWords(recipe, false), /Tuned, it lasts 1\.31 s\.$/);
});

test('a sound with little in it is offered to be even, where that would help', () => {
  const measured = { active_share: 0.03, below_20_hz: 0, above_4_khz: 0, loudness_lufs: -20, seam_db: null };
  const recipe = { ...defaults, targets: [[1, 2]] };
  assert.deepEqual(uneven(recipe, measured), { words: 'It sounds 3 % of the time only.', again: true });
  assert.equal(uneven({ ...recipe, texture: 'even' }, measured)?.again, false);
  assert.equal(uneven({ ...recipe, targets: [[1, 2, 1, 'activation']] }, measured)?.again, false);
  for (const other of [{ active_share: contract.page.least_active }, { loudness_lufs: null }]) {
    assert.equal(uneven(recipe, { ...measured, ...other }), null);
  }
  assert.equal(uneven(recipe, undefined), null);
});

test('what is not the paper’s is named, what it does not know first', () => {
  const names = ['iterations', 'unroll', 'texture', 'low_cut_hz'];
  assert.deepEqual(departures(defaults, names), []);
  const found = departures({ ...defaults, iterations: 300, unroll: true, ...contract.page.own }, names);
  assert.deepEqual(found, ['low cut 25 Hz', 'iterations 300', 'shift back']);
  assert.deepEqual(departures({ ...defaults, stages: [{ seed: 2 }] }, ['stages', 'curves']), ['next stages']);
});

test('a recording that is too long or too large is told so before it is sent', () => {
  const { recording_seconds: most, upload_bytes: bytes } = contract.limits;
  assert.equal(problemOfRecording('a.wav', 1000, most), '');
  assert.equal(problemOfRecording('a.wav', 1000, NaN), ''); // the studio will know
  assert.equal(problemOfRecording('a.wav', 1000, 372), '“a.wav” lasts 6:12; 5 minutes are the most. Cut out the part you want.');
  assert.equal(problemOfRecording('a.MP3', 1000, 372), ''); // perhaps only guessed
  assert.match(problemOfRecording('a.mp3', 1000, 3600), /lasts 60:00/);
  assert.match(problemOfRecording('a.wav', bytes + 1, NaN), /larger than 200 MB/);
});

test('what a dream does not take of a recording is said', () => {
  assert.deepEqual([channelWords(1, 0), channelWords(2, 0.5), channelWords(6, 1)], ['mono', 'stereo', '6 channels, mixed down']);
  assert.match(channelWords(2, 0), /mixed down to mono/);
  assert.equal(restWords(0), '');
  assert.equal(restWords(1.25), ', then 1.25 s of silence: the recording ends there');
});
