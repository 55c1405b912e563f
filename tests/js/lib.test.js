import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter } from '../../studio/ui/static/js/lib/bus.js';
import { colours } from '../../studio/ui/static/js/lib/canvas.js';
import { contract, paperValue, problemOf } from '../../studio/ui/static/js/lib/contract.js';
import { DATASETS } from '../../studio/ui/static/js/lib/datasets.js';
import { recall, remember } from '../../studio/ui/static/js/lib/memory.js';
import { format, minutes, note, parse, pitch, reading, scale, seconds } from '../../studio/ui/static/js/lib/numbers.js';
import { fromText, toText } from '../../studio/ui/static/js/lib/share-link.js';
import { plainName, recordingsOf } from '../../studio/ui/static/js/lib/words.js';

const { fields } = contract.recipe;
const defaults = /** @type {any} */ (Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.default])));

test('numbers are written with no more digits than they need', () => {
  assert.equal(format(12000), '12,000');
  assert.equal(format(0.05), '0.05');
  assert.equal(format(1.234), '1.23');
  assert.equal(format('off'), 'off');
});

test('numbers are read as people type them', () => {
  assert.equal(parse('12k'), 12000);
  assert.equal(parse('12,000'), 12000);
  assert.equal(parse(' -0.5 Hz'), -0.5);
  assert.equal(parse('2e-3'), 0.002);
  assert.ok(Number.isNaN(parse('loud')));
});

for (const [name, field] of Object.entries(fields)) {
  if (field.kind !== 'number' && field.kind !== 'integer') continue;
  const rule = {
    minimum: field.minimum ?? 0, maximum: field.maximum ?? 1, step: field.step ?? 1, whole: field.kind === 'integer', odd: field.odd,
  };
  test(`the fader of ${name} shows only values that are allowed, from end to end`, () => {
    const { toValue, toPosition } = scale(rule);
    assert.equal(toValue(0), rule.minimum);
    assert.equal(toValue(1), rule.maximum);
    let last = -Infinity;
    for (let at = 0; at <= 1000; at += 1) {
      const value = toValue(at / 1000);
      assert.equal(problemOf(field, value), '');
      assert.ok(value >= last, 'never backwards');
      last = value;
      assert.equal(toValue(toPosition(value)), value, 'a value stays where it is');
    }
  });
}

test('features are read in units of the ear', () => {
  assert.equal(reading.loudness(0.1), '−20.0 dB');
  assert.equal(reading.loudness(0), 'silent');
  assert.equal(reading.brightness(2345), '2.3 kHz');
  assert.equal(reading.noisiness(0.5), '50 %');
});

test('times and pitches', () => {
  assert.equal(seconds(1.5), '1.50 s');
  assert.equal(seconds(75), '1:15');
  assert.equal(minutes(61), '1:01');
  assert.equal(pitch(440), '440 Hz');
  assert.equal(pitch(2500), '2.5 kHz');
  assert.equal(note(440), 'A4');
  assert.equal(note(27.5), 'A0');
});

test('listeners are told in order, one that fails keeps nobody from hearing it, and a signal ends them', t => {
  /** @type {Emitter<{ done: number }>} */
  const emitter = new Emitter();
  const life = new AbortController();
  /** @type {string[]} */
  const heard = [];
  const later = t.mock.method(globalThis, 'queueMicrotask', () => {});
  emitter.on('done', number => heard.push(`first ${number}`));
  emitter.on('done', () => { throw new Error('meant to fail'); });
  emitter.on('done', number => heard.push(`second ${number}`), { signal: life.signal });
  emitter.emit('done', 1);
  life.abort();
  emitter.emit('done', 2);
  emitter.on('done', () => heard.push('too late'), { signal: life.signal });
  emitter.emit('done', 3);
  assert.deepEqual(heard, ['first 1', 'second 1', 'first 2', 'first 3']);
  assert.equal(later.mock.callCount(), 3);
  assert.throws(() => later.mock.calls[0].arguments[0]?.(), /meant to fail/, 'it is still seen as an error of the page');
});

test('every default is allowed, and what is not is named with its rule', () => {
  for (const field of Object.values(fields)) assert.equal(problemOf(field, field.default), '');
  assert.match(problemOf(fields.cutoff_hz, 30000), /between 20 and 22,050 Hz\.$/);
  assert.match(problemOf(fields.smoothing_kernel, 8), /odd whole number/);
  assert.match(problemOf(fields.iterations, 2.5), /a whole number/);
  assert.match(problemOf(fields.learning_rate, NaN), /must be a number/);
  assert.match(problemOf(fields.architecture, 'model9'), /one of model1, model2/);
});

test('a control goes back to the paper’s value, or to the default where the paper is silent', () => {
  assert.equal(paperValue(fields.cutoff_hz), 12000);
  assert.equal(paperValue(fields.seed), fields.seed.default);
});

test('the page has a name and a sign for each of the paper’s datasets', () => {
  assert.deepEqual(Object.keys(DATASETS), contract.recipe.datasets);
});

test('a recipe comes back out of its link, without what is as usual', () => {
  const recipe = { ...defaults, seed: 7, targets: [[2, 5, -1.5]], initial: 'tone' };
  const text = toText(recipe, defaults);
  assert.match(text, /^[\w-]+$/);
  assert.deepEqual(fromText(text), { seed: 7, targets: [[2, 5, -1.5]], initial: 'tone' });
  assert.deepEqual(fromText('{"seed": 3}'), { seed: 3 });
  assert.equal(fromText('no recipe'), null);
});

test('recordings stay with their owner', () => {
  const recipe = { ...defaults, initial: 'voice.wav', start_seconds: 2, guide: 'bell.wav', seed: 9 };
  assert.deepEqual(fromText(toText(recipe, defaults)), { seed: 9 });
});

test('recordings that have to be chosen again are named', () => {
  assert.equal(recordingsOf({ initial: 'tone' }), '');
  assert.match(recordingsOf({ initial: 'voice.wav (sha256 12ab)' }), /^It started from voice\.wav: choose that recording/);
  assert.match(recordingsOf({ initial: 'a.wav', guide: 'b.wav' }), /those recordings/);
  assert.equal(recordingsOf({ initial: 'a.wav' }, { recording: /** @type {any} */ ({}) }), '');
  assert.equal(plainName('voice.wav (sha256 12ab)'), 'voice.wav');
});

test('what is remembered is recalled, and a store that fails loses nothing else', () => {
  assert.ok(remember('test', { a: [1] }));
  assert.deepEqual(recall('test'), { a: [1] });
  assert.equal(recall('never', 'otherwise'), 'otherwise');
  localStorage.setItem('broken', '{');
  assert.equal(recall('broken', 5), 5);
});

test('a colour scale begins and ends with its stops', () => {
  const table = colours(['#000000', '#ff8000', '#ffffff']);
  assert.deepEqual([...table.slice(0, 3)], [0, 0, 0]);
  assert.deepEqual([...table.slice(-3)], [255, 255, 255]);
  assert.ok(table[3 * 128] >= 253 && Math.abs(table[3 * 128 + 1] - 128) < 3);
});
