// The Models tab: sections that fill themselves once somebody looks.

import { make } from '../lib/make.js';
import { listContents, whenSeen } from '../lib/sections.js';
import { ask } from '../lib/toast.js';
import { mountCards, mountLooking } from './cards.js';
import { Inside } from './inside.js';
import { mountLayers } from './layers.js';
import { mountMixups } from './mixups.js';
import { mountSound } from './sound.js';
import { Voices } from './voices.js';

export function mount(element, baseUrl) {
  const root = element.querySelector('#inside');
  whenSeen(root, () => fill(root, baseUrl));
}

async function fill(root, baseUrl) {
  const blank = root.querySelector('#inside-blank');
  const fetched = async name => (await ask(new URL(name, baseUrl))).json();
  let models;
  let listing;
  const voices = new Voices(root, baseUrl);
  try {
    [models, listing] = await Promise.all([fetched('inside/models.json'), fetched('models.json'), voices.load()]);
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
  for (const hidden of root.querySelectorAll(':scope > [hidden]:not(.blank)')) hidden.hidden = false;
  mountCards(root, inside);
  mountLooking(root, inside);
  const tones = mountLayers(root, inside, baseUrl, voices);
  const sound = mountSound(root, inside, baseUrl, voices);
  const matrix = mountMixups(root, inside, baseUrl, voices);
  listContents(root.querySelector('#inside-contents'), root);
  new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) sound.lookForTakes();
    else {
      voices.stop();
      sound.pause();
    }
  }).observe(root);
  window.studioInside = { inside, voices, tones, sound, matrix };
  root.dataset.ready = 'true';
}
