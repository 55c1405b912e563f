// All that leads to a dream: the button, a surprise, a preset, a variation, their keys.

import { unlock } from '../audio/context.js';
import { askJson } from '../lib/ask.js';
import { finder } from '../lib/dom.js';
import { mountShortcuts } from '../lib/keys.js';
import { copyLink } from '../lib/share-link.js';
import { complaining } from '../lib/toast.js';
import { recordingsOf } from '../lib/words.js';
import { Player } from '../audio/player.js';
import { mountBatch } from './batch.js';
import { mountPresets } from './presets.js';
import { mountUnfinished } from './unfinished.js';
import { vary } from './vary.js';

/** @typedef {import('../lib/types.js').Recipe} Recipe */

/**
 * @param {HTMLElement} root
 * @param {object} parts
 * @param {import('../picker/state.js').State} parts.state
 * @param {import('./run.js').Run} parts.run
 * @param {() => void} parts.dream
 * @param {(recipe: Partial<Recipe>) => void} parts.loadRecipe
 * @param {import('../picker/mapsounds.js').MapSounds} parts.sounds
 * @param {import('../lib/types.js').Preset[]} parts.presets
 * @param {import('./takes.js').Takes} parts.takes
 * @param {import('./sound-panel.js').SoundPanel} parts.panel
 * @param {URL} parts.baseUrl
 * @param {AbortSignal} parts.signal
 */
export function mountBeginnings(root, { state, run, dream, loadRecipe, sounds, presets, takes, panel, baseUrl, signal }) {
  const byId = finder(root);
  const dreamOrStop = () => {
    unlock();
    if (run.busy) run.stop();
    else dream();
  };
  /** @param {() => void} change  sets what is to be dreamed */
  const dreamAs = change => {
    unlock();
    if (run.busy) run.stop();
    change();
    dream();
  };
  const surprise = complaining(async () => {
    unlock();
    const recipe = await askJson(new URL('surprise.json', baseUrl));
    dreamAs(() => state.replace(recipe));
  });
  /** @param {boolean} far */
  const another = far => dreamAs(() => state.set(vary(state, far, (...place) => sounds.near(...place))));
  /**
   * @param {string} id
   * @param {() => void} act
   */
  const click = (id, act) => byId(id).addEventListener('click', act);
  click('dream-button', dreamOrStop);
  click('surprise', surprise);
  click('vary-little', () => another(false));
  click('vary-lot', () => another(true));
  click('settings-link', () => copyLink(state.recipe, state));
  mountBatch(root, { state, run, takes, panel, player: new Player(), near: (...place) => sounds.near(...place) });
  mountPresets(root, state, presets, ({ recipe }) => dreamAs(() => state.replace(recipe)));
  mountUnfinished(run, state, recipe => (recordingsOf(recipe) ? loadRecipe(recipe) : dreamAs(() => state.replace(recipe))));
  mountShortcuts(root, {
    ' ': () => panel.player.toggle(),
    d: dreamOrStop,
    s: surprise,
    b: () => panel.swap(),
    l: () => panel.toggleLoop(),
    v: () => another(false),
    x: () => takes.swap(),
  }, { signal });
}
