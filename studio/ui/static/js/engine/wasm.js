// A build of the engine as WebAssembly: one instance, and room in its memory. Memory of an instance
// never shrinks, so every plan has an instance of its own, which ends with it.

/** Of the engine: what `dream_version` of a build must say for the numbers of `plan.js` to be right. */
export const VERSION = 1;

const PAGE = 65536;
const LINE = 64; // bytes to which a plan is aligned

/** What `source/engine.h` and `source/rng.h` offer; addresses are numbers, 64-bit results BigInt. */
/** @typedef {Record<string, (...given: (number | bigint)[]) => any>} Functions */

/** @typedef {'relaxed' | 'plain'} Build  with fused multiply-add, or without: a sibling, not a twin */

/**
 * Compile a build, and say what is wrong with it.
 *
 * @param {BufferSource} bytes
 */
export async function compiled(bytes) {
  let module;
  try {
    module = await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new Error('The engine did not load whole, or this browser is too old for it. Reload the page.', { cause });
  }
  if (new Instance(module).functions.dream_version() !== VERSION) {
    throw new Error('The engine is of another version than this page. Reload the page.');
  }
  return module;
}

/**
 * The build for this browser: with fused multiply-add where browser and processor have it.
 *
 * @returns {Build | null}  null: no SIMD at all
 */
export function bestBuild() {
  if (WebAssembly.validate(MULTIPLY_ADD) && isFused()) return 'relaxed';
  return WebAssembly.validate(ADD) ? 'plain' : null;
}

/** Relaxed SIMD may round once or twice, as the processor likes it: only once gives the bytes of all. */
function isFused() {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(MULTIPLY_ADD));
  return /** @type {() => number} */ (exports.f)() === 2 ** -24;
}

const ONE_AND_A_BIT = vector(1 + 2 ** -12);
const MULTIPLY_ADD = probe(...ONE_AND_A_BIT, ...ONE_AND_A_BIT, ...vector(-1 - 2 ** -11), 0xfd, 0x85, 0x02); // f32x4.relaxed_madd
const ADD = probe(...ONE_AND_A_BIT, ...ONE_AND_A_BIT, 0xfd, 0xe4, 0x01); // f32x4.add

/** v128.const of one number four times. @param {number} value */
function vector(value) {
  return [0xfd, 0x0c, ...new Uint8Array(Float32Array.of(value, value, value, value).buffer)];
}

/**
 * A module whose function `f` gives the first number of what some instructions leave.
 *
 * @param {number[]} instructions
 */
function probe(...instructions) {
  const body = [0, ...instructions, 0xfd, 0x1f, 0, 0x0b]; // f32x4.extract_lane 0, end
  return Uint8Array.of(
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // magic, version
    1, 5, 1, 0x60, 0, 1, 0x7d, // one type: nothing to f32
    3, 2, 1, 0, // one function of it
    7, 5, 1, 1, 0x66, 0, 0, // called f
    10, body.length + 2, 1, body.length, ...body,
  );
}

export class Instance {
  #memory;
  #begin;
  #free;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const { exports } = new WebAssembly.Instance(module);
    this.functions = /** @type {Functions} */ (exports);
    this.#memory = /** @type {WebAssembly.Memory} */ (exports.memory);
    this.#begin = this.#free = this.#memory.buffer.byteLength; // below lie the build's own stack and tables
  }

  /**
   * Room for so many bytes: its address, a multiple of 64. All bytes are 0 where nothing lay before.
   *
   * @param {number} bytes
   */
  take(bytes) {
    const at = this.#free;
    this.#free = Math.ceil((at + bytes) / LINE) * LINE;
    const lacking = this.#free - this.#memory.buffer.byteLength;
    if (lacking > 0) this.#memory.grow(Math.ceil(lacking / PAGE));
    return at;
  }

  /** Where the next room will lie, for `giveBack`. */
  get mark() {
    return this.#free;
  }

  /**
   * All room taken since a mark may be taken anew.
   *
   * @param {number} [mark]
   */
  giveBack(mark = this.#begin) {
    this.#free = mark;
  }

  /**
   * Room with numbers in it.
   *
   * @param {Float32Array | Int32Array | Uint32Array | Float64Array} numbers
   */
  put(numbers) {
    const at = this.take(numbers.byteLength);
    this.write(at, numbers);
    return at;
  }

  /**
   * @param {number} at
   * @param {Float32Array | Int32Array | Uint32Array | Float64Array} numbers
   */
  write(at, numbers) {
    new Uint8Array(this.#memory.buffer).set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at);
  }

  /** @param {number} at @param {number} count */
  floats(at, count) {
    return new Float32Array(this.#memory.buffer, at, count).slice();
  }

  /** @param {number} at @param {number} count */
  integers(at, count) {
    return new Int32Array(this.#memory.buffer, at, count).slice();
  }

  /** @param {number} at @param {number} count */
  doubles(at, count) {
    return new Float64Array(this.#memory.buffer, at, count).slice();
  }
}
