// A recipe in a link: what differs from the defaults, as compact as JSON gets in an address.

import { post } from './ask.js';
import { toast } from './toast.js';
import { isRecording, NO_GUIDE } from './words.js';

/** @typedef {import('./types.js').Recipe} Recipe */

const NAME = 'recipe';

/** @param {{ initial: string, guide?: string }} recipe */
const hasOwn = ({ initial, guide = NO_GUIDE }) => [isRecording(initial), isRecording(guide)];

/**
 * @param {Recipe} recipe
 * @param {Partial<Recipe>} defaults
 */
export function toText(recipe, defaults) {
  const own = Object.fromEntries(Object.entries(recipe).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key])));
  const [started, guided] = hasOwn(recipe); // recordings stay with their owner
  if (started) {
    delete own.initial;
    delete own.start_seconds;
  }
  if (guided) delete own.guide;
  const bytes = new TextEncoder().encode(JSON.stringify(own));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * What a link says, or null where it says nothing. JSON written by hand is understood as well.
 *
 * @param {string} text
 * @returns {unknown}
 */
export function fromText(text) {
  try {
    if (text.trim().startsWith('{')) return JSON.parse(text);
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

export const embedded = () => window.parent !== window;

/**
 * The address to pass on. Inside a Space the page people know is the one around this one, and it
 * hands its query on; another site's page does not.
 *
 * @param {Record<string, string>} query
 */
export function address(query) {
  const named = document.querySelector('meta[name="studio-space"]');
  const space = embedded() && named instanceof HTMLMetaElement && named.content;
  const url = new URL(space ? `https://huggingface.co/spaces/${space}` : window.location.href);
  url.search = new URLSearchParams(query).toString();
  url.hash = '';
  return url.href;
}

/**
 * Copy a link and say so; where the browser does not allow it, show it.
 *
 * @param {string} link
 * @param {string} words
 * @param {{ lasts?: number }} [options]
 */
export async function copy(link, words, options) {
  try {
    await navigator.clipboard.writeText(link);
    toast(words, options);
  } catch {
    toast(`Copy this link: ${link}`, { lasts: 0 });
  }
}

/**
 * Copy the link to a recipe, and say what it does not carry.
 *
 * @param {Recipe} recipe
 * @param {{ defaults: Partial<Recipe> }} state
 */
export function copyLink(recipe, { defaults }) {
  const [started, guided] = hasOwn(recipe);
  const instead = [started && 'it starts from white noise', guided && 'a tone is its guide'].filter(Boolean);
  const without = instead.length ? ` It does not carry your recording: ${instead.join(', and ')}.` : '';
  return copy(address({ [NAME]: toText(recipe, defaults) }), `The link is copied. It sets every control as for this sound.${without}`);
}

/**
 * The recipe of the page's own address, checked by the studio; null where there is none.
 *
 * @param {URL} baseUrl
 * @param {{ dataset: string, architecture: string }[]} models
 * @returns {Promise<Recipe | null>}
 */
export async function linked(baseUrl, models) {
  const text = new URL(window.location.href).searchParams.get(NAME);
  if (text === null) return null;
  const said = fromText(text);
  if (said === null || typeof said !== 'object') throw new Error('This link is damaged: it holds no recipe. Copy it once more.');
  const recipe = await post(new URL('recipe', baseUrl), said);
  if (!models.some(model => model.dataset === recipe.dataset && model.architecture === recipe.architecture)) {
    throw new Error(`This link is for the model ${recipe.dataset}-${recipe.architecture}, which is not here.`);
  }
  return recipe;
}
