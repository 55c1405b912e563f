// What the page says and sets of a sound: brightness, pitch, bars, measures, two channels.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWav } from '../../studio/ui/static/js/audio/wav.js';
import { variations } from '../../studio/ui/static/js/dream/batch.js';
import { brightnessOf, smoothingAt } from '../../studio/ui/static/js/dream/brightness.js';
import { measuredWords } from '../../studio/ui/static/js/dream/measured.js';
import { gridOf, secondsOfBars } from '../../studio/ui/static/js/dream/pitch.js';
import { contract } from '../../studio/ui/static/js/lib/contract.js';
import { hzOf, note } from '../../studio/ui/static/js/lib/numbers.js';

test('every place of the brightness fader is found again in what it sets', () => {
  contract.recipe.brightness.forEach((_, place) => assert.equal(brightnessOf(smoothingAt(place)), place));
  const last = contract.recipe.brightness.length - 1;
  assert.equal(brightnessOf({ smoothing: 'off', smoothing_kernel: 9, smoothing_coefficient: 0.5 }), last);
});

test('notes and their frequencies', () => {
  assert.equal(hzOf('A4'), 440);
  assert.ok(Math.abs(hzOf('Bb3') - 233.082) < 1e-3);
  assert.ok(Math.abs(hzOf('c#5') - 554.365) < 1e-3);
  assert.ok(Math.abs(hzOf(' C-1') - 8.1758) < 1e-4);
  for (const wrong of ['H4', 'A', '', '440', 'A44', 'A4 minor']) assert.ok(Number.isNaN(hzOf(wrong)), wrong);
  assert.equal(note(hzOf('F♯2')), 'F♯2');
});

test('a tuned grid lies on an octave of its note', () => {
  const recipe = /** @type {any} */ ({ architecture: 'model1', targets: [[0, 3]], tune_hz: 0 });
  assert.deepEqual(gridOf(recipe), { own: 900, tuned: 900 });
  assert.equal(gridOf({ ...recipe, tune_hz: 440 }).tuned, 880);
  assert.equal(gridOf({ ...recipe, targets: [[2, 1]], tune_hz: 440 }).tuned, 27.5);
});

test('bars are seconds', () => {
  assert.equal(secondsOfBars(4, 4, 120), 8);
  assert.equal(secondsOfBars(1, 3, 90), 2);
});

test('what was measured is said in one line', () => {
  const measured = { active_share: 0.634, below_20_hz: 0.0004, above_4_khz: 0.12, loudness_lufs: -18.25, seam_db: null };
  assert.equal(measuredWords(measured), 'Sounds 63 % of the time · −18.3 LUFS · 12 % above 4 kHz · under 1 % below 20 Hz');
  assert.match(measuredWords({ ...measured, seam_db: -0.4 }), /seam −0.4 dB$/);
  assert.equal(measuredWords({ ...measured, loudness_lufs: null }), 'Silent.');
});

test('a stereo WAV comes apart into its channels and their mean', () => {
  const bytes = new ArrayBuffer(44 + 16);
  const view = new DataView(bytes);
  [...'RIFF'].forEach((letter, i) => view.setUint8(i, letter.charCodeAt(0)));
  [...'WAVEfmt '].forEach((letter, i) => view.setUint8(8 + i, letter.charCodeAt(0)));
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true);
  view.setUint16(22, 2, true);
  view.setUint32(24, 44100, true);
  [...'data'].forEach((letter, i) => view.setUint8(36 + i, letter.charCodeAt(0)));
  view.setUint32(40, 16, true);
  new Float32Array(bytes, 44).set([1, 0, -0.5, 0.25]);
  const { samples, channels = [] } = parseWav(bytes);
  assert.deepEqual([...samples], [0.5, -0.125]);
  assert.deepEqual(channels.map(channel => [...channel]), [[1, -0.5], [0, 0.25]]);
});

test('a batch holds whole recipes near the one that is set, with seeds of their own', () => {
  const { fields } = contract.recipe;
  const recipe = /** @type {any} */ (Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.default])));
  const state = /** @type {any} */ ({ recipe: { ...recipe, stereo_width: 0.5 }, layers: [{ channels: 8 }, { channels: 8 }], recording: null, followed: /** @param {object} made */ made => made });
  let turn = 0;
  const chance = () => (turn = (turn + 0.37) % 1);
  const recipes = variations(state, 8, undefined, chance);
  assert.equal(recipes.length, 8);
  assert.equal(new Set(recipes.map(each => each.seed)).size, 8);
  for (const each of recipes) {
    assert.deepEqual(Object.keys(each).sort(), Object.keys(recipe).sort());
    assert.equal(each.stereo_width, 0.5);
  }
});
