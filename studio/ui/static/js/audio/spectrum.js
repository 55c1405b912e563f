// A spectrogram for the eye: 2048-sample Hann windows, log frequency, 75 dB from the loudest down.

const SIZE = 2048;
const ROWS = 288;
const RANGE_DB = 75;
export const LOWEST_HZ = 50;
export const HIGHEST_HZ = 20000;

/**
 * Where a frequency stands in a spectrogram: 0 at the top, 1 at the bottom.
 *
 * @param {number} hz
 */
export const depthOf = hz => 1 - Math.log(hz / LOWEST_HZ) / Math.log(HIGHEST_HZ / LOWEST_HZ);

/**
 * The frequency at a depth: the other way of `depthOf`.
 *
 * @param {number} depth
 */
export const hertzAt = depth => LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (1 - depth);

const hann = Float32Array.from({ length: SIZE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE));
const cosines = Float32Array.from({ length: SIZE / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / SIZE));
const sines = Float32Array.from({ length: SIZE / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / SIZE));
const reversed = Uint16Array.from({ length: SIZE }, (_, i) => {
  let mirrored = 0;
  for (let bit = 1, place = SIZE >> 1; bit < SIZE; bit <<= 1, place >>= 1) if (i & bit) mirrored |= place;
  return mirrored;
});

/**
 * In-place radix-2 transform of `real` and `imaginary`, already in bit-reversed order.
 *
 * @param {Float32Array} real
 * @param {Float32Array} imaginary
 */
function transform(real, imaginary) {
  for (let half = 1; half < SIZE; half <<= 1) {
    const stride = SIZE / (2 * half);
    for (let start = 0; start < SIZE; start += 2 * half) {
      for (let k = 0; k < half; k += 1) {
        const a = start + k;
        const b = a + half;
        const c = cosines[k * stride];
        const s = sines[k * stride];
        const x = real[b] * c + imaginary[b] * s;
        const y = imaginary[b] * c - real[b] * s;
        real[b] = real[a] - x;
        imaginary[b] = imaginary[a] - y;
        real[a] += x;
        imaginary[a] += y;
      }
    }
  }
}

/**
 * A picture of how a sound's frequencies go in time.
 *
 * @typedef {object} Spectrogram
 * @property {number} columns
 * @property {number} rows
 * @property {Float32Array} levels  0…1, row after row, the highest frequency first
 */

/**
 * @param {Float32Array} samples
 * @param {number} rate  Hz
 * @param {number} columns
 * @returns {Spectrogram}
 */
export function spectrogram(samples, rate, columns) {
  const real = new Float32Array(SIZE);
  const imaginary = new Float32Array(SIZE);
  /** @type {[Float32Array, Float32Array]} */
  const powers = [new Float32Array(SIZE / 2), new Float32Array(SIZE / 2)];
  const bins = rowBins(rate);
  const levels = new Float32Array(columns * ROWS);
  let loudest = 1e-9;
  // Two columns per transform: one as the real part, one as the imaginary part.
  for (let column = 0; column < columns; column += 2) {
    fill(real, samples, ((column + 0.5) / columns) * samples.length);
    fill(imaginary, samples, ((column + 1.5) / columns) * samples.length);
    powerSpectra(real, imaginary, powers);
    for (let which = 0; which < 2 && column + which < columns; which += 1) {
      for (let row = 0; row < ROWS; row += 1) {
        const power = strongest(powers[which], bins[row], bins[row + 1]);
        levels[row * columns + column + which] = power;
        if (power > loudest) loudest = power;
      }
    }
  }
  for (let i = 0; i < levels.length; i += 1) {
    const db = 10 * Math.log10((levels[i] + 1e-12) / loudest);
    levels[i] = Math.max(0, 1 + db / RANGE_DB);
  }
  return { columns, rows: ROWS, levels };
}

/**
 * Four times the power spectra of two real signals, transformed as one complex signal. Both come in
 * bit-reversed order, and are used up.
 *
 * @param {Float32Array} first
 * @param {Float32Array} second
 * @param {[Float32Array, Float32Array]} powers
 */
function powerSpectra(first, second, powers) {
  transform(first, second);
  separate(first, second, powers);
}

/**
 * A windowed frame around `middle`, in bit-reversed order.
 *
 * @param {Float32Array} part
 * @param {Float32Array} samples
 * @param {number} middle
 */
function fill(part, samples, middle) {
  const start = Math.round(middle) - SIZE / 2;
  const inside = start >= 0 && start + SIZE <= samples.length;
  for (let i = 0; i < SIZE; i += 1) {
    const at = inside ? start + i : mirror(start + i, samples.length);
    part[reversed[i]] = samples[at] * hann[i];
  }
}

/**
 * @param {Float32Array} real
 * @param {Float32Array} imaginary
 * @param {[Float32Array, Float32Array]} powers
 */
function separate(real, imaginary, [first, second]) {
  for (let bin = 1; bin < SIZE / 2; bin += 1) {
    const other = SIZE - bin;
    const sumReal = real[bin] + real[other];
    const differenceReal = real[other] - real[bin];
    const sumImaginary = imaginary[bin] + imaginary[other];
    const differenceImaginary = imaginary[bin] - imaginary[other];
    first[bin] = sumReal * sumReal + differenceImaginary * differenceImaginary;
    second[bin] = sumImaginary * sumImaginary + differenceReal * differenceReal;
  }
}

/**
 * Beyond its ends a sound goes on in reverse, so that they make no clicks in the picture.
 *
 * @param {number} at
 * @param {number} length
 */
function mirror(at, length) {
  const turned = at < 0 ? -at : at >= length ? 2 * length - 2 - at : at;
  return Math.min(length - 1, Math.max(0, turned));
}

/**
 * Edges of the rows in bins, from the highest frequency down.
 *
 * @param {number} rate
 */
function rowBins(rate) {
  return Float32Array.from({ length: ROWS + 1 }, (_, row) => Math.min(SIZE / 2 - 2, (hertzAt(row / ROWS) * SIZE) / rate));
}

/**
 * The strongest of the bins between two edges, which need not be whole.
 *
 * @param {Float32Array} powers
 * @param {number} high
 * @param {number} low
 */
function strongest(powers, high, low) {
  const first = Math.ceil(low);
  const last = Math.floor(high);
  if (last < first) {
    // Between two bins: what lies between their powers.
    const at = (low + high) / 2;
    const under = Math.floor(at);
    return powers[under] + (powers[under + 1] - powers[under]) * (at - under);
  }
  let most = 0;
  for (let bin = first; bin <= last; bin += 1) most = Math.max(most, powers[bin]);
  return most;
}
