// Two sets of layers and maps, A and B, and the way between them. One picker edits either.

import { mountMaps, View } from '../picker/maps.js';
import { MapSounds } from '../picker/mapsounds.js';
import { mountModels } from '../picker/models.js';
import { mountNetwork } from '../picker/network.js';
import { State } from '../picker/state.js';
import { LIVE_MEASURES } from './settings.js';

const FIELDS = ['dataset', 'architecture', 'targets'];
const pick = settings => Object.fromEntries(FIELDS.map(field => [field, settings[field]]));

export function mountSets(root, live, stream) {
  let edited = 'A';
  const setOf = which => (which === 'A' ? pick(live.recipe) : live.recipe.second || pick(live.recipe));
  const picker = new State({ models: live.models, architectures: live.architectures, first: { ...setOf('A'), seconds: 1 }, measures: LIVE_MEASURES });
  const view = new View(picker);
  mountModels(root, picker, 'live-');
  mountNetwork(root.querySelector('#live-network'), picker, view, 'live-');
  const sounds = new MapSounds(root, picker, view, { stepBack: share => stream.duck(share), prefix: 'live-' });
  mountMaps(root, picker, view, sounds, 'live-');
  // A map alone is as loud as the Level makes what plays.
  live.watch(['level_db'], () => { sounds.share = Math.min(1, 10 ** (live.recipe.level_db / 20)); });

  let following = false;
  const follow = () => {
    const wanted = setOf(edited);
    if (JSON.stringify(wanted) === JSON.stringify(pick(picker.recipe))) return;
    following = true;
    picker.replace(wanted);
    following = false;
  };
  picker.addEventListener('change', () => {
    if (following) return;
    live.set(edited === 'A' ? pick(picker.recipe) : { second: pick(picker.recipe) });
  });
  const choice = root.querySelector('#live-set');
  choice.addEventListener('change', event => {
    edited = event.target.value;
    // A second set that is edited is there, and where nothing is heard of it yet, half of it is.
    if (edited === 'B' && !live.recipe.second) live.set({ second: pick(live.recipe), morph: 0.5 });
    follow();
  });
  live.watch([...FIELDS, 'second'], () => {
    if (edited === 'B' && !live.recipe.second) {
      edited = 'A';
      choice.querySelector('[value=A]').checked = true;
    }
    root.dataset.sets = live.recipe.second ? 'two' : 'one';
    follow();
  });
  root.querySelector('#live-one-set').addEventListener('click', () => live.set({ second: null, morph: 0 }));
  return { picker, view, sounds };
}
