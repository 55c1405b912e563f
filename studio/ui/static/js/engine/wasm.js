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
 * The address of the build for this browser: with fused multiply-add where it has it. Both are asked
 * of the browser itself, by a module of one such instruction.
 *
 * @returns {Build | null}  null: no SIMD at all
 */
export function bestBuild() {
  if (WebAssembly.validate(probe(0xfd, 0x85, 0x02))) return 'relaxed'; // f32x4.relaxed_madd
  return WebAssembly.validate(probe(0xfd, 0xe4, 0x01)) ? 'plain' : null; // f32x4.add
}

/**
 * A module whose function puts three vectors on the stack, does one instruction, and drops the rest.
 *
 * @param {number[]} instruction
 */
function probe(...instruction) {
  const three = instruction[1] === 0x85;
  const zero = [0xfd, 0x0c, ...new Array(16).fill(0)];
  const body = [0, ...zero, ...zero, ...(three ? zero : []), ...instruction, 0x1a, 0x0b];
  return Uint8Array.of(
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // magic, version
    1, 4, 1, 0x60, 0, 0, // one type: nothing to nothing
    3, 2, 1, 0, // one function of it
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
