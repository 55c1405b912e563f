// Events: of one part, and of the page as a whole.

/**
 * Something that tells others what happens to it.
 *
 * @template {object} Events  names of the events, and what is told with each
 */
export class Emitter {
  /** @type {Map<PropertyKey, Set<(detail: any) => void>>} */
  #listeners = new Map();

  /**
   * Call `listener` whenever the event happens, until `signal` aborts.
   *
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(detail: Events[Name]) => void} listener
   * @param {{ signal?: AbortSignal }} [options]
   */
  on(name, listener, { signal } = {}) {
    if (signal?.aborted) return;
    const listeners = this.#listeners.get(name) || new Set();
    this.#listeners.set(name, listeners.add(listener));
    signal?.addEventListener('abort', () => listeners.delete(listener), { once: true });
  }

  /**
   * Tell all who listen, in the order in which they began to. One that fails does not keep the
   * others from hearing it.
   *
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {Events[Name] extends void ? [] : [detail: Events[Name]]} detail
   */
  emit(name, ...[detail]) {
    for (const listener of [...(this.#listeners.get(name) || [])]) {
      try {
        listener(detail);
      } catch (error) {
        queueMicrotask(() => { throw error; });
      }
    }
  }
}

/** @typedef {import('./types.js').Recipe} Recipe */

/**
 * What the Dream tab is to be set to: a whole recipe, or some settings and the sound to start from.
 *
 * @typedef {object} DreamSettings
 * @property {Partial<Recipe>} [recipe]
 * @property {Partial<Recipe>} [changes]
 * @property {import('./types.js').Recording | null} [recording]  null: the built-in sound of `changes`
 */

/**
 * What one tab tells all others.
 *
 * @typedef {object} PageEvents
 * @property {void} theme  the colours changed between light and dark
 * @property {void} tour  the short tour is wanted
 * @property {DreamSettings} dream  the Dream tab is to be set
 * @property {Pick<import('./types.js').Listing, 'models' | 'architectures'>} models  there are others now
 */

/** @type {Emitter<PageEvents>} */
export const bus = new Emitter();
