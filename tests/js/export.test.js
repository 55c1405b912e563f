import assert from 'node:assert/strict';
import { test } from 'node:test';
import './page.js';

const { problemWith, wanted } = await import('../../studio/ui/static/js/export/dialog.js');
const { ExportJob } = await import('../../studio/ui/static/js/export/job.js');
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

test('a file is asked for until it is given up', async () => {
  /** @type {string[]} */
  const asked = [];
  /** @type {string[]} */
  const said = [];
  const answer = { token: 't', state: 'waiting', done: 0, of: 2, name: null, message: null };
  const before = globalThis.fetch;
  globalThis.fetch = /** @type {any} */ (async (/** @type {URL} */ url, /** @type {RequestInit} */ options = {}) => {
    asked.push(`${options.method ?? 'GET'} ${url.pathname}`);
    return { ok: true, json: async () => ({ ...answer, made: !url.pathname.endsWith('/presence') }) };
  });
  const job = new ExportJob(new URL('http://studio/studio/takes/files/'), words => {
    said.push(words);
    if (words === 'Waiting …') job.stop();
  });
  try {
    assert.equal(await job.run({ takes: [] }), null);
  } finally {
    globalThis.fetch = before;
  }
  assert.deepEqual(asked, ['POST /studio/takes/files', 'GET /studio/takes/files/t/presence', 'DELETE /studio/takes/files/t']);
  assert.deepEqual(said, ['Starting …', 'Waiting …', '']);
  assert.equal(job.running, false);
});
