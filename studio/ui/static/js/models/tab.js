// The Models tab: sections that fill themselves once somebody looks.

import { askJson } from '../lib/ask.js';
import { find, findAll, finder, make } from '../lib/dom.js';
import { inspectable } from '../lib/inspect.js';
import { listContents, whenSeen } from '../lib/sections.js';
import { mountCards, mountLooking } from './cards.js';
import { Inside } from './inside.js';
import { mountLayers } from './layers.js';
import { mountMixups } from './mixups.js';
import { SoundTest } from './sound.js';
import { Voices } from './voices.js';

/**
 * @param {HTMLElement} element
 * @param {{ baseUrl: URL, signal: AbortSignal }} given
 */
export function mount(element, { baseUrl, signal }) {
  const root = find(element, '#inside');
  whenSeen(root, () => fill(root, baseUrl, signal));
}

/**
 * @param {HTMLElement} root
 * @param {URL} baseUrl
 * @param {AbortSignal} signal
 */
async function fill(root, baseUrl, signal) {
  const byId = finder(root);
  const blank = byId('inside-blank');
  let models;
  let listing;
  const voices = new Voices(root, baseUrl);
  try {
    [models, listing] = await Promise.all([askJson(new URL('inside/models.json', baseUrl)), askJson(new URL('models.json', baseUrl)), voices.load()]);
  } catch {
    blank.textContent = 'The models cannot be read right now. Is the studio still running? Reload the page to try again.';
    blank.hidden = false;
    return;
  }
  if (!models.length) {
    blank.replaceChildren('There are no models here yet. ', make('code', {}, 'studio train'), ' makes one.');
    blank.hidden = false;
    root.dataset.ready = 'true';
    return;
  }
  voices.defaults = listing.defaults;
  const inside = new Inside(models);
  for (const hidden of findAll(root, ':scope > [hidden]:not(.blank)')) hidden.hidden = false;
  mountCards(root, inside);
  mountLooking(root, inside);
  const tones = mountLayers(root, inside, baseUrl, voices, signal);
  const sound = new SoundTest(root, inside, baseUrl, voices, signal);
  const matrix = mountMixups(root, inside, baseUrl, voices, signal);
  listContents(byId('inside-contents'), root);
  const watcher = new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) sound.lookForTakes();
    else {
      voices.stop();
      sound.pause();
    }
  });
  watcher.observe(root);
  signal.addEventListener('abort', () => watcher.disconnect());
  inspectable({ models: { inside, voices, tones, sound, matrix } });
  root.dataset.ready = 'true';
}
