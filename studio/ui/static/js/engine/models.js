// Models for the engine in the page: fetched once, kept as the engine takes them.

import { layersIn } from '../lib/architecture.js';
import { ask } from '../lib/ask.js';
import { readNetwork } from './network.js';

/** @typedef {import('./network.js').Network} Network */
/** @typedef {import('../lib/types.js').Contract['architectures']} Architectures */

export class Models {
  /** @type {Map<string, Promise<Network>>} */
  #loaded = new Map();

  /**
   * @param {URL} baseUrl
   * @param {Architectures} architectures
   * @param {{ dataset: string, architecture: string, channels: number[] }[]} listed  of `models.json`
   */
  constructor(baseUrl, architectures, listed) {
    this.baseUrl = baseUrl;
    this.architectures = architectures;
    this.listed = listed;
  }

  /**
   * @param {string} dataset
   * @param {string} architecture
   * @returns {Promise<Network>}
   */
  get(dataset, architecture) {
    const name = `${dataset}-${architecture}`;
    const known = this.listed.find(model => model.dataset === dataset && model.architecture === architecture);
    if (!known) return Promise.reject(new Error(`There is no model ${name} here. Choose another.`));
    const there = this.#loaded.get(name);
    if (there) return there;
    const loading = this.#load(name, this.architectures[architecture]?.convolutions ?? layersIn(architecture), known.channels);
    this.#loaded.set(name, loading);
    loading.catch(() => this.#loaded.delete(name));
    return loading;
  }

  /**
   * @param {string} name
   * @param {import('../lib/types.js').Convolution[]} convolutions
   * @param {number[]} channels
   */
  async #load(name, convolutions, channels) {
    const answer = await ask(new URL(`engine/models/${encodeURIComponent(name)}.safetensors`, this.baseUrl));
    return readNetwork(await answer.arrayBuffer(), convolutions, channels);
  }
}

/**
 * Fetch and compile a build of the engine.
 *
 * @param {URL} baseUrl
 * @param {import('./wasm.js').Build} build
 */
export async function fetchBuild(baseUrl, build) {
  return (await ask(new URL(`engine/${build}.wasm`, baseUrl))).arrayBuffer();
}
