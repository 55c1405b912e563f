// A trained network as the engine takes it, from the file in which its weights are stored.

const OF_NORMALISATION = ['weight', 'bias', 'running_mean', 'running_var'];
const MOST_HEADER_BYTES = 1 << 20;
const DAMAGED = 'This model is damaged or cut off, so nothing can dream with it. Reload the page, or choose another model.';

/** What batch norm adds to the variance: PyTorch's. */
const EPSILON = 1e-5;

/** @typedef {import('../lib/types.js').Convolution} Convolution */

/**
 * @typedef {object} Network
 * @property {Convolution[]} convolutions
 * @property {number[]} maps  feature maps of every convolution
 * @property {Float32Array} weights  of every layer the kernel and the bias, and of all layers but the
 *   last batch norm's weight, bias, mean and variance, one after the other
 * @property {number} epsilon
 */

/**
 * Read a safetensors file.
 *
 * @param {ArrayBuffer} file
 * @param {Convolution[]} convolutions
 * @param {number[]} maps
 * @returns {Network}
 * @throws {Error} if it is damaged, or not the network it is said to be
 */
export function readNetwork(file, convolutions, maps) {
  const tensors = readTensors(file);
  const parts = convolutions.flatMap(([kernel], layer) => {
    const size = maps[layer];
    /** @param {string} name @param {number} count */
    const part = (name, count) => {
      const numbers = tensors.get(name);
      if (numbers?.length !== count) throw new Error(DAMAGED);
      return numbers;
    };
    const own = [
      part(`convolutions.${layer}.weight`, size * (layer ? maps[layer - 1] : 1) * kernel),
      part(`convolutions.${layer}.bias`, size),
    ];
    return layer === convolutions.length - 1 ? own : [...own, ...OF_NORMALISATION.map(name => part(`normalisations.${layer}.${name}`, size))];
  });
  const weights = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    weights.set(part, at);
    at += part.length;
  }
  if (!weights.every(Number.isFinite)) throw new Error(DAMAGED);
  return { convolutions, maps, weights, epsilon: EPSILON };
}

/**
 * @param {ArrayBuffer} file
 * @returns {Map<string, Float32Array>}
 */
function readTensors(file) {
  try {
    const size = Number(new DataView(file).getBigUint64(0, true));
    if (size > MOST_HEADER_BYTES) throw new RangeError('a header of that size');
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, size)));
    const found = new Map();
    for (const [name, { dtype, data_offsets: offsets }] of Object.entries(header)) {
      if (!offsets) continue; // what is said of the whole file
      const [begin, end] = offsets;
      const bytes = file.slice(8 + size + begin, 8 + size + end);
      if (bytes.byteLength !== end - begin) throw new RangeError('cut off');
      if (dtype === 'F32') found.set(name, new Float32Array(bytes));
      else if (dtype === 'F16') found.set(name, Float32Array.from(new Uint16Array(bytes), fromHalf));
    }
    return found;
  } catch (cause) {
    throw new Error(DAMAGED, { cause });
  }
}

/**
 * The number that 16 bits stand for (IEEE 754 binary16).
 *
 * @param {number} bits
 */
export function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
