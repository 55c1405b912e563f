import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWav } from '../../studio/ui/static/js/audio/wav.js';
import { contract } from '../../studio/ui/static/js/lib/contract.js';
import { framed, unframed } from '../../studio/ui/static/js/live/connection.js';
import { strongest } from '../../studio/ui/static/js/live/picture.js';
import { fromLink, LiveState } from '../../studio/ui/static/js/live/settings.js';
import { Tape } from '../../studio/ui/static/js/live/tape.js';

const models = [{ dataset: 'events', architecture: 'model2', classes: ['a', 'b'], channels: [8, 8, 8, 8, 8, 8, 8, 2], card: {} }];
const newState = () => new LiveState({ models, architectures: contract.architectures }, /** @type {any} */ (contract.live.defaults));

test('a later version of a moment replaces the earlier one, and a recording begins and ends where it should', async () => {
  const tape = new Tape();
  tape.put(0, Float32Array.of(1, 1, 1, 1), 0);
  tape.start(2);
  tape.put(4, Float32Array.of(2, 2, 2, 2), 2);
  tape.put(6, Float32Array.of(3, 3, 3, 3), 4);
  assert.ok(tape.recording);
  const { begin, samples, wav } = tape.stop(9);
  assert.deepEqual([begin, samples], [2, 7]);
  assert.deepEqual([...parseWav(await wav.arrayBuffer()).samples], [1, 1, 2, 2, 3, 3, 3]);
  assert.ok(!tape.recording);
});

test('without a recording only what was not played is kept', () => {
  const tape = new Tape();
  for (let at = 0; at < 100; at += 10) tape.put(at, new Float32Array(10), 55);
  assert.equal(tape.blocks[0].position, 50);
});

test('a recording gets as long as ten minutes', () => {
  const tape = new Tape();
  assert.ok(!tape.isFull(1e12));
  tape.start(1000);
  assert.ok(!tape.isFull(1000 + 600 * contract.sample_rate));
  assert.ok(tape.isFull(1001 + 600 * contract.sample_rate));
});

test('messages come out of a POST as they went in', async () => {
  const bytes = await new Blob([...framed('{"type":"want"}'), ...framed(Int16Array.of(1, -2)), ...framed('ünï')]).arrayBuffer();
  const [text, sound, more] = [...unframed(bytes)];
  assert.equal(text, '{"type":"want"}');
  assert.deepEqual([...new Int16Array(/** @type {ArrayBuffer} */ (sound))], [1, -2]);
  assert.equal(more, 'ünï');
  assert.deepEqual([...unframed(bytes.slice(0, 4))], []);
});

test('a link carries a preset’s name or settings, and never fails', () => {
  const presets = [{ name: 'Slow bells', changes: { seed: 4 } }];
  assert.equal(fromLink(presets, ''), null);
  assert.deepEqual(fromLink(presets, '?live=slow%20bells'), { seed: 4 });
  assert.deepEqual(fromLink(presets, `?live=${encodeURIComponent('{"seed":9}')}`), { seed: 9 });
  assert.deepEqual(fromLink(presets, '?live=[1]'), {});
  assert.deepEqual(fromLink(presets, '?live=nothing'), {});
});

test('what is changed here is sent, what came from the studio is not', () => {
  const state = newState();
  /** @type {object[]} */
  const sent = [];
  state.sendTo(changes => sent.push(changes));
  state.set({ seed: 5 });
  state.set({ seed: 6 }, 'studio');
  assert.deepEqual(sent, [{ seed: 5 }]);
  assert.deepEqual(state.difference, { seed: 6 });
  assert.deepEqual(state.known({ seed: 1, unheard_of: 2 }), { seed: 1 });
});

test('a second set of maps is asked nothing that cannot be asked here', () => {
  const state = newState();
  state.set({ second: { dataset: 'events', architecture: 'model2', targets: [[0, 1, 2, 'guide']] } });
  assert.deepEqual(state.settings.second?.targets, [[0, 1, 2]]);
});

test('the strongest level between two bins, also between two that are neighbours', () => {
  const levels = Float32Array.of(-90, -20, -40, -60);
  assert.equal(strongest(levels, 0.5, 2.5), -20);
  assert.ok(Math.abs(strongest(levels, 1.4, 1.6) + 30) < 1e-5);
});
