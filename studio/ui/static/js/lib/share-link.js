// A recipe in a link: what differs from the defaults, as compact as JSON gets in an address.

import { ask, toast } from './toast.js';
import { isRecording } from './words.js';

const NAME = 'recipe';
const hasOwn = ({ initial, guide = 'none' }) => [isRecording(initial), isRecording(guide)];

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

// What a link says, or null where it says nothing. JSON written by hand is understood as well.
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

// The address to pass on. Inside a Space the page people know is the one around this one, and it
// hands its query on; another site's page does not.
export function address(query) {
  const space = embedded() && document.querySelector('meta[name="studio-space"]')?.content;
  const url = new URL(space ? `https://huggingface.co/spaces/${space}` : window.location.href);
  url.search = new URLSearchParams(query);
  url.hash = '';
  return url.href;
}

export async function copyLink(recipe, { defaults }) {
  const link = address({ [NAME]: toText(recipe, defaults) });
  const [started, guided] = hasOwn(recipe);
  const instead = [started && 'it starts from white noise', guided && 'a tone is its guide'].filter(Boolean);
  const without = instead.length ? ` It does not carry your recording: ${instead.join(', and ')}.` : '';
  try {
    await navigator.clipboard.writeText(link);
    toast(`The link is copied. It sets every control as for this sound.${without}`);
  } catch {
    toast(`Copy this link: ${link}`, { lasts: 0 });
  }
  return link;
}

// The recipe of the page's own address, checked by the studio; null where there is none.
export async function linked(baseUrl, models) {
  const text = new URL(window.location.href).searchParams.get(NAME);
  if (text === null) return null;
  const said = fromText(text);
  if (said === null || typeof said !== 'object') throw new Error('This link is damaged: it holds no recipe. Copy it once more.');
  const recipe = await (await ask(new URL('recipe', baseUrl), { method: 'POST', body: JSON.stringify(said) })).json();
  if (!models.some(model => model.dataset === recipe.dataset && model.architecture === recipe.architecture)) {
    throw new Error(`This link is for the model ${recipe.dataset}-${recipe.architecture}, which is not here.`);
  }
  return recipe;
}
