import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stridesOf } from '../../studio/ui/static/js/lib/contract.js';
import { classOf, ofInput } from '../../studio/ui/static/js/own/files.js';

test('a file belongs to the class of the folder that it lies in', () => {
  for (const [path, wanted] of [
    ['/tapes/rewind/1.wav', 'rewind'], ['rewind/1.wav', 'rewind'], ['1.wav', 'sounds'],
    ['../../1.wav', 'sounds'], ['a/../b/./1.wav', 'b'], ['<b>ä/1.wav', '<b>ä'], ['', 'sounds'],
  ]) assert.equal(classOf(path), wanted, path);
});

test('hidden files are left out, and a class that is known is kept', () => {
  const files = [new File([], '.DS_Store'), new File([], 'one.wav')];
  assert.deepEqual(ofInput(files, 'mine').map(({ file, into }) => [file.name, into]), [['one.wav', 'mine']]);
});

test('a network of one’s own says its strides in its name', () => {
  assert.deepEqual(stridesOf('model1'), [49, 25, 9, 4]);
  assert.deepEqual(stridesOf('net-65x30-33x15-9x5'), [30, 15, 5]);
});
