import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { peaks } from '../../studio/ui/static/js/audio/drawing.js';
import { lufs, toListeningLevel } from '../../studio/ui/static/js/audio/levels.js';
import { depthOf, HIGHEST_HZ, hertzAt, LOWEST_HZ, spectrogram } from '../../studio/ui/static/js/audio/spectrum.js';
import { parseWav, toWav } from '../../studio/ui/static/js/audio/wav.js';
import { contract, SAMPLE_RATE } from '../../studio/ui/static/js/lib/contract.js';

/**
 * @param {number} hz
 * @param {number} level
 * @param {number} [length]  seconds
 */
const sine = (hz, level, length = 2) =>
  Float32Array.from({ length: length * SAMPLE_RATE }, (_, i) => level * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE));

/**
 * The row of a column that is strongest.
 *
 * @param {import('../../studio/ui/static/js/audio/spectrum.js').Spectrogram} picture
 * @param {number} column
 */
function brightest({ rows, columns, levels }, column) {
  let best = 0;
  for (let row = 0; row < rows; row += 1) if (levels[row * columns + column] > levels[best * columns + column]) best = row;
  return best;
}

for (const hz of [100, 440, 3000, 12000]) {
  test(`a tone of ${hz} Hz lies at its height in every column`, () => {
    const picture = spectrogram(sine(hz, 0.5), SAMPLE_RATE, 7);
    for (let column = 0; column < picture.columns; column += 1) {
      const found = hertzAt((brightest(picture, column) + 0.5) / picture.rows);
      assert.ok(Math.abs(Math.log2(found / hz)) < 0.12, `${found} Hz in column ${column}`);
    }
  });
}

test('two columns that share a transform do not leak into each other', () => {
  // Silence with a tone in the first half only.
  const half = sine(1000, 0.5);
  half.fill(0, half.length / 2);
  const { rows, columns, levels } = spectrogram(half, SAMPLE_RATE, 2);
  assert.equal(columns, 2);
  const most = [0, 1].map(column => Math.max(...Array.from({ length: rows }, (_, row) => levels[row * 2 + column])));
  assert.equal(most[0], 1);
  assert.equal(most[1], 0);
});

test('the spectrum is that of a discrete Fourier transform', () => {
  // One frame in the middle of a sound of noise, against the definition, term by term.
  const size = 2048;
  let state = 1;
  const samples = Float32Array.from({ length: size }, () => {
    state = (state * 16807) % 2147483647;
    return state / 1073741823 - 1;
  });
  const { rows, levels } = spectrogram(samples, SAMPLE_RATE, 1);
  /** @param {number} bin */
  const power = bin => {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < size; i += 1) {
      const value = samples[i] * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
      real += value * Math.cos((2 * Math.PI * bin * i) / size);
      imaginary -= value * Math.sin((2 * Math.PI * bin * i) / size);
    }
    return real * real + imaginary * imaginary;
  };
  const edges = Array.from({ length: rows + 1 }, (_, row) => (hertzAt(row / rows) * size) / SAMPLE_RATE);
  // High rows span whole bins: their power is the strongest of them.
  const expected = [0, 5, 20, 40].map(row => {
    let most = 0;
    for (let bin = Math.ceil(edges[row + 1]); bin <= Math.floor(edges[row]); bin += 1) most = Math.max(most, power(bin));
    return 10 * Math.log10(most);
  });
  const found = [0, 5, 20, 40].map(row => (levels[row] - 1) * 75);
  const shift = found[0] - expected[0]; // levels count from the loudest
  found.forEach((db, i) => assert.ok(Math.abs(db - expected[i] - shift) < 0.01, `${db} dB`));
});

test('depth and frequency are two ways of the same', () => {
  assert.equal(depthOf(HIGHEST_HZ), 0);
  assert.ok(Math.abs(depthOf(LOWEST_HZ) - 1) < 1e-12);
  for (const hz of [60, 1000, 15000]) assert.ok(Math.abs(hertzAt(depthOf(hz)) / hz - 1) < 1e-12);
});

test('a full sine of 997 Hz has −3 LUFS, as the standard says', () => {
  assert.ok(Math.abs(lufs(sine(997, 1), SAMPLE_RATE) + 3.01) < 0.1);
  assert.ok(Math.abs(lufs(sine(997, 0.1), SAMPLE_RATE) + 23.01) < 0.1);
  assert.equal(lufs(new Float32Array(SAMPLE_RATE), SAMPLE_RATE), -Infinity);
});

test('quiet sounds come up to the listening level, loud ones stay below the ceiling', () => {
  const { lufs: wanted, peak } = contract.listening;
  assert.ok(Math.abs(lufs(toListeningLevel(sine(997, 0.05), SAMPLE_RATE), SAMPLE_RATE) - wanted) < 0.1);
  const clicks = new Float32Array(SAMPLE_RATE).map((_, i) => (i % 4410 === 0 ? 1 : 0.001 * Math.sin(i / 10)));
  assert.ok(toListeningLevel(clicks, SAMPLE_RATE).every(value => Math.abs(value) <= peak + 1e-6));
});

test('a recording comes back out of its file, sample by sample', async () => {
  const blocks = [sine(440, 0.5, 1), Float32Array.of(1.5, -2, 0)];
  const { rate, samples } = parseWav(await toWav(blocks, 48000).arrayBuffer());
  assert.equal(rate, 48000);
  assert.equal(samples.length, blocks[0].length + 3);
  assert.deepEqual([...samples.slice(-3)], [1.5, -2, 0]);
  assert.deepEqual(samples.slice(0, blocks[0].length), blocks[0]);
});

/**
 * A WAV of chunks.
 *
 * @param {...[name: string, content: Uint8Array]} chunks
 */
function wavOf(...chunks) {
  const parts = chunks.flatMap(([name, content]) => {
    const head = new Uint8Array(8);
    head.set(new TextEncoder().encode(name));
    new DataView(head.buffer).setUint32(4, content.length, true);
    return [head, content, new Uint8Array(content.length % 2)];
  });
  const riff = new TextEncoder().encode('RIFF\0\0\0\0WAVE');
  return new Uint8Array([riff, ...parts].flatMap(part => [...part])).buffer;
}

const format = new Uint8Array(new Uint16Array([1, 1, SAMPLE_RATE, 0, 0, 0, 2, 16]).buffer);

test('chunks that are unknown, or of odd length, are passed over', () => {
  const data = new Uint8Array(new Int16Array([16384, -32768]).buffer);
  const { rate, samples } = parseWav(wavOf(['LIST', new Uint8Array(3)], ['fmt ', format], ['junk', new Uint8Array(1)], ['data', data]));
  assert.equal(rate, SAMPLE_RATE);
  assert.deepEqual([...samples], [0.5, -1]);
});

test('what is no sound is refused', () => {
  assert.throws(() => parseWav(new ArrayBuffer(10)), /not a WAV/);
  assert.throws(() => parseWav(wavOf(['fmt ', format], ['junk', new Uint8Array(20)])), /without sound/);
});

test('peaks hold the extremes of every column', () => {
  const { low, high, most } = peaks(Float32Array.of(0, 1, -0.5, 0.25, 0, -2), 3);
  assert.deepEqual(Array.from(low), [0, -0.5, -2]);
  assert.deepEqual(Array.from(high), [1, 0.25, 0]);
  assert.equal(most, 2);
  assert.equal(peaks(Float32Array.of(1), 4).high.length, 4);
});

test('listening levels are those of the server', () => {
  const cases = JSON.parse(readFileSync(process.env.STUDIO_LEVELS ?? '', 'utf8'));
  assert.equal(cases.length, 3);
  for (const { name, samples, rms_db, peak } of cases) {
    const found = toListeningLevel(Float32Array.from(samples), SAMPLE_RATE);
    const square = found.reduce((sum, value) => sum + value * value, 0) / found.length;
    assert.ok(Math.abs(10 * Math.log10(square) - rms_db) < 0.15, name);
    assert.ok(Math.abs(Math.max(...found.map(Math.abs)) - peak) < 0.01, name);
  }
});
