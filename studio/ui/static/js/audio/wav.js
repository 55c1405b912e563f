// The studio's own WAV files (one or two channels, 16-bit or float): samples without decoding by the
// browser, which would resample and takes a turn. And the other way for what is recorded.

/**
 * @param {ArrayBuffer} bytes
 * @returns {import('../lib/types.js').Sound}
 * @throws {Error} where this is no WAV file with sound in it
 */
export function parseWav(bytes) {
  const view = new DataView(bytes);
  /** @param {number} at */
  const name = at => String.fromCharCode(...new Uint8Array(bytes, at, 4));
  if (bytes.byteLength < 44 || name(0) !== 'RIFF') throw new Error('not a WAV');
  let at = 12;
  let rate = 0;
  let count = 1;
  let isFloat = false;
  while (at + 8 <= bytes.byteLength) {
    const size = view.getUint32(at + 4, true);
    if (name(at) === 'fmt ') {
      const format = view.getUint16(at + 8, true);
      count = view.getUint16(at + 10, true);
      rate = view.getUint32(at + 12, true);
      isFloat = format === 3 || (format === 0xfffe && view.getUint16(at + 32, true) === 3);
    } else if (name(at) === 'data' && rate) {
      const start = at + 8;
      const length = Math.min(size, bytes.byteLength - start);
      const values = isFloat ? floats(bytes, start, length) : shorts(bytes, start, length);
      return count === 2 ? { rate, ...apart(values) } : { rate, samples: values };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error('a WAV without sound');
}

/**
 * The channels of a stereo sound, and what a mono player makes of them.
 *
 * @param {Float32Array} both  left and right by turns
 */
function apart(both) {
  const count = both.length >> 1;
  const channels = [new Float32Array(count), new Float32Array(count)];
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    channels[0][i] = both[2 * i];
    channels[1][i] = both[2 * i + 1];
    samples[i] = (both[2 * i] + both[2 * i + 1]) / 2;
  }
  return { channels, samples };
}

/**
 * @param {ArrayBuffer} bytes
 * @param {number} start
 * @param {number} length
 */
function floats(bytes, start, length) {
  return new Float32Array(bytes.slice(start, start + length - (length % 4)));
}

/**
 * @param {ArrayBuffer} bytes
 * @param {number} start
 * @param {number} length
 */
function shorts(bytes, start, length) {
  const whole = new Int16Array(bytes.slice(start, start + length - (length % 2)));
  return Float32Array.from(whole, value => value / 32768);
}

/**
 * A file of 32-bit floats, one channel.
 *
 * @param {Float32Array[]} blocks
 * @param {number} rate  Hz
 */
export function toWav(blocks, rate) {
  const count = blocks.reduce((sum, block) => sum + block.length, 0);
  const bytes = new ArrayBuffer(44 + 4 * count);
  const view = new DataView(bytes);
  /**
   * @param {number} at
   * @param {string} word
   */
  const text = (at, word) => [...word].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, 36 + 4 * count, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 4 * rate, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 32, true);
  text(36, 'data');
  view.setUint32(40, 4 * count, true);
  const samples = new Float32Array(bytes, 44);
  let at = 0;
  for (const block of blocks) {
    samples.set(block, at);
    at += block.length;
  }
  return new Blob([bytes], { type: 'audio/wav' });
}
