import assert from 'node:assert/strict';
import { test } from 'node:test';
import './page.js';

const { problemWith, wanted } = await import('../../studio/ui/static/js/export/dialog.js');
const { contract } = await import('../../studio/ui/static/js/lib/contract.js');

const usual = Object.fromEntries(Object.entries(contract.export.fields).map(([name, field]) => [name, field.default]));

test('the defaults of an export need no change', () => {
  assert.equal(problemWith(usual), '');
  assert.deepEqual(wanted(usual), usual);
});

test('what cannot be exported so is said before it is sent', () => {
  assert.match(problemWith({ ...usual, format: 'flac', bits: 'float' }), /FLAC/);
  assert.match(problemWith({ ...usual, fade_in_ms: 51 }), /Fade in/);
  assert.match(problemWith({ ...usual, loudness_lufs: NaN }), /Loudness/);
  assert.match(problemWith({ ...usual, name: '' }), /name/);
});

test('an untouched sound is asked for without a level', () => {
  const asked = wanted({ ...usual, sound: 'untouched', kit: 'pads' });
  assert.deepEqual([asked.sound, asked.kit, 'level' in asked, 'bits' in asked], ['untouched', 'pads', false, false]);
});
