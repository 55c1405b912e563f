// Listening level in the page, as the studio's server makes it: about −18 LUFS (ITU-R BS.1770),
// what lies below hearing taken out, no sample above −1 dB. The file stays as it is.

import { contract } from '../lib/contract.js';

const {
  lufs: TARGET_LUFS, peak: CEILING, most_gain: MOST_GAIN, lowest_heard_hz: LOWEST_HEARD_HZ, limiter_samples: LIMITER_SAMPLES,
} = contract.listening;
const BLOCK_SECONDS = 0.4;

/** @typedef {Float32Array<ArrayBuffer>} Samples */
/** @typedef {[b0: number, b1: number, b2: number, a1: number, a2: number]} Section */

/**
 * @param {Samples} samples
 * @param {number} rate  Hz
 * @returns {Samples}
 */
export function toListeningLevel(samples, rate) {
  const clean = filter(samples, highPass(LOWEST_HEARD_HZ, Math.SQRT1_2, rate), samples[0]);
  const loudness = lufs(clean, rate);
  if (Number.isFinite(loudness)) {
    const gain = Math.min(10 ** ((TARGET_LUFS - loudness) / 20), MOST_GAIN);
    for (let i = 0; i < clean.length; i += 1) clean[i] *= gain;
  }
  return limit(clean);
}

/**
 * Integrated loudness: blocks of 400 ms, each quarter of it, gated at −70 LUFS and 10 LU below.
 *
 * @param {Float32Array} samples
 * @param {number} rate  Hz
 * @returns {number}  LUFS; −Infinity for silence
 */
export function lufs(samples, rate) {
  const weighted = filter(filter(samples, highShelf(1500, 4, Math.SQRT1_2, rate)), highPass(38, 0.5, rate));
  const size = Math.round(BLOCK_SECONDS * rate);
  const powers = [];
  for (let start = 0; start === 0 || start + size <= weighted.length; start += Math.round(size / 4)) {
    let sum = 0;
    const end = Math.min(start + size, weighted.length);
    for (let i = start; i < end; i += 1) sum += weighted[i] * weighted[i];
    powers.push(sum / size);
  }
  /** @param {number} power */
  const level = power => -0.691 + 10 * Math.log10(power);
  /** @param {number[]} values */
  const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;
  const audible = powers.filter(power => level(power) >= -70);
  if (!audible.length) return -Infinity;
  const gate = level(mean(audible)) - 10;
  const loud = audible.filter(power => level(power) > gate);
  return loud.length ? level(mean(loud)) : -Infinity;
}

/**
 * Plain loops: this stands between a pointer and its sound.
 *
 * @param {Float32Array} samples
 * @param {Section} section
 * @param {number} [start]  the value before the first sample
 */
function filter(samples, [b0, b1, b2, a1, a2], start = 0) {
  const out = new Float32Array(samples.length);
  let x1 = 0;
  let x2 = 0;
  let y1 = 0;
  let y2 = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const x = samples[i] - start;
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    out[i] = y;
  }
  return out;
}

/**
 * Second-order sections of the Audio EQ Cookbook (Bristow-Johnson).
 *
 * @param {number} hz
 * @param {number} quality
 * @param {number} rate
 */
function highPass(hz, quality, rate) {
  const w = (2 * Math.PI * hz) / rate;
  const alpha = Math.sin(w) / (2 * quality);
  const cosine = Math.cos(w);
  return normalised([(1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2], [1 + alpha, -2 * cosine, 1 - alpha]);
}

/**
 * @param {number} hz
 * @param {number} db
 * @param {number} quality
 * @param {number} rate
 */
function highShelf(hz, db, quality, rate) {
  const w = (2 * Math.PI * hz) / rate;
  const alpha = Math.sin(w) / (2 * quality);
  const cosine = Math.cos(w);
  const a = 10 ** (db / 40);
  const root = 2 * Math.sqrt(a) * alpha;
  return normalised(
    [a * (a + 1 + (a - 1) * cosine + root), -2 * a * (a - 1 + (a + 1) * cosine), a * (a + 1 + (a - 1) * cosine - root)],
    [a + 1 - (a - 1) * cosine + root, 2 * (a - 1 - (a + 1) * cosine), a + 1 - (a - 1) * cosine - root],
  );
}

/**
 * @param {[number, number, number]} b
 * @param {[number, number, number]} a
 * @returns {Section}
 */
const normalised = (b, a) => [b[0] / a[0], b[1] / a[0], b[2] / a[0], a[1] / a[0], a[2] / a[0]];

/**
 * The smallest gain of a window, averaged over a window as long, never exceeds what is needed.
 *
 * @param {Samples} samples
 */
function limit(samples) {
  const count = samples.length;
  const half = (LIMITER_SAMPLES - 1) / 2;
  const needed = new Float32Array(count);
  let all = 1;
  for (let i = 0; i < count; i += 1) {
    const size = Math.abs(samples[i]);
    needed[i] = size > CEILING ? CEILING / size : 1;
    if (needed[i] < all) all = needed[i];
  }
  if (all === 1) return samples;
  const least = new Float32Array(count);
  const queue = new Int32Array(count);
  let [head, tail] = [0, 0];
  for (let i = 0, next = 0; i < count; i += 1) {
    for (; next < count && next <= i + half; next += 1) {
      while (tail > head && needed[queue[tail - 1]] >= needed[next]) tail -= 1;
      queue[tail] = next;
      tail += 1;
    }
    while (queue[head] < i - half) head += 1;
    least[i] = needed[queue[head]];
  }
  /** @param {number} i */
  const at = i => least[Math.min(count - 1, Math.max(0, i))];
  let sum = 0;
  for (let i = -half; i <= half; i += 1) sum += at(i);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    out[i] = Math.min(CEILING, Math.max(-CEILING, (samples[i] * sum) / LIMITER_SAMPLES));
    sum += at(i + half + 1) - at(i - half);
  }
  return out;
}
