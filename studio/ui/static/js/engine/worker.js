// The engine in a thread of its own: told once where it is, then recipe by recipe.

import { Chance } from './chance.js';
import { dream } from './dream.js';
import { fetchBuild, Models } from './models.js';
import { bestBuild, compiled } from './wasm.js';

/** @typedef {import('./messages.js').ToEngine} ToEngine */
/** @typedef {import('./messages.js').FromEngine} FromEngine */
/** @typedef {import('./messages.js').Setting} Setting */

/** @type {Promise<{ module: WebAssembly.Module, chance: Chance, models: Models, fields: Setting['fields'] }> | null} */
let ready = null;
let stopped = false;

/**
 * @param {FromEngine} message
 * @param {Transferable[]} [handed]
 */
const tell = (message, handed = []) => self.postMessage(message, { transfer: handed });

/** @param {Setting} setting */
async function prepare({ baseUrl, sampleRate, fields, architectures, models, build: wanted }) {
  const build = wanted ?? bestBuild();
  if (!build) throw new Error('This browser has no SIMD, which the engine needs. Try a newer one.');
  const address = new URL(baseUrl);
  const module = await compiled(await fetchBuild(address, build));
  tell({ name: 'ready', build });
  return { module, fields, chance: new Chance(module, sampleRate), models: new Models(address, architectures, models) };
}

/** @param {NonNullable<ToEngine['dream']>} wanted */
async function run({ recipe, initial, guide }) {
  if (!ready) throw new Error('the engine is not told where it is');
  const { models, ...means } = await ready;
  const network = await models.get(
    recipe.dataset ?? means.fields.dataset.default, recipe.architecture ?? means.fields.architecture.default);
  const began = performance.now();
  stopped = false;
  let told = began;
  const found = await dream(recipe, { ...means, network, initial, guide }, async (done, planned) => {
    if (performance.now() - told < 50) return true;
    told = performance.now();
    tell({ name: 'progress', done, planned });
    await new Promise(resolve => { setTimeout(resolve); }); // so that Stop can be heard
    return !stopped;
  });
  const took = performance.now() - began;
  tell({ name: 'dreamed', ...found, took });
}

self.onmessage = async (/** @type {MessageEvent<ToEngine>} */ { data }) => {
  try {
    if (data.stop) stopped = true;
    if (data.set) await (ready = prepare(data.set));
    if (data.dream) await run(data.dream);
  } catch (error) {
    tell({ name: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
};
