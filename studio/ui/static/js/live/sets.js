// Two sets of layers and maps, A and B, and the way between them. One picker edits either.

import { find, finder, valueOf } from '../lib/dom.js';
import { mountMaps } from '../picker/maps.js';
import { MapSounds } from '../picker/mapsounds.js';
import { mountModels } from '../picker/models.js';
import { mountNetwork } from '../picker/network.js';
import { State } from '../picker/state.js';
import { View } from '../picker/view.js';
import { LIVE_MEASURES } from './settings.js';

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {Pick<Recipe, 'dataset' | 'architecture' | 'targets'>} MapSet */

/**
 * @param {MapSet} settings
 * @returns {MapSet}
 */
const pick = ({ dataset, architecture, targets }) => ({ dataset, architecture, targets });

/**
 * @param {HTMLElement} root
 * @param {import('./settings.js').LiveState} live
 * @param {import('./stream.js').Stream} stream
 * @param {AbortSignal} signal
 */
export function mountSets(root, live, stream, signal) {
  const byId = finder(root, 'live-');
  let edited = 'A';
  /** @param {string} which */
  const setOf = which => (which === 'A' ? pick(live.recipe) : live.settings.second || pick(live.recipe));
  const picker = new State({
    models: live.models, architectures: live.architectures, measures: LIVE_MEASURES,
    first: { ...live.initial, ...setOf('A'), seconds: 1 },
  });
  const view = new View(picker);
  mountModels(root, picker, 'live-');
  mountNetwork(byId('network'), picker, view, 'live-');
  const sounds = new MapSounds(root, picker, view, { stepBack: share => stream.duck(share), signal, prefix: 'live-' });
  mountMaps(root, picker, view, sounds, 'live-');
  // A map alone is as loud as the Level makes what plays.
  live.watch(['level_db'], () => { sounds.share = Math.min(1, 10 ** (live.settings.level_db / 20)); });

  let following = false;
  const follow = () => {
    const wanted = setOf(edited);
    if (JSON.stringify(wanted) === JSON.stringify(pick(picker.recipe))) return;
    following = true;
    picker.replace(wanted);
    following = false;
  };
  picker.on('change', () => {
    if (following) return;
    live.set(edited === 'A' ? pick(picker.recipe) : { second: pick(picker.recipe) });
  });
  const choice = byId('set');
  choice.addEventListener('change', event => {
    edited = valueOf(event);
    // A second set that is edited is there, and where nothing is heard of it yet, half of it is.
    if (edited === 'B' && !live.settings.second) live.set({ second: pick(live.recipe), morph: 0.5 });
    follow();
  });
  live.watch(['dataset', 'architecture', 'targets', 'second'], () => {
    if (edited === 'B' && !live.settings.second) {
      edited = 'A';
      find(choice, '[value=A]', HTMLInputElement).checked = true;
    }
    root.dataset.sets = live.settings.second ? 'two' : 'one';
    follow();
  });
  byId('one-set').addEventListener('click', () => live.set({ second: null, morph: 0 }));
  return { picker, view, sounds };
}
