// The Dream tab: puts the parts together and keeps what is shown in step with what is heard.

import { mountAlike } from '../picker/alike.js';
import { Curves } from './curves.js';
import { mountFaders, mountInfo } from '../picker/faders.js';
import { History, mountHistory } from './history.js';
import { mountKeys } from './keys.js';
import { copyLink, linked } from '../lib/share-link.js';
import { mountMaps, View } from '../picker/maps.js';
import { MapSounds } from '../picker/mapsounds.js';
import { mountModels } from '../picker/models.js';
import { mountNetwork } from '../picker/network.js';
import { mountObjectives } from './objectives.js';
import { followLayout } from '../lib/order.js';
import { Player } from '../audio/player.js';
import { mountPresets } from './presets.js';
import { Run } from './run.js';
import { Scope } from './scope.js';
import { mountSource } from './source.js';
import { describe, State } from '../picker/state.js';
import { SoundPanel } from './sound-panel.js';
import { Takes } from './takes.js';
import { connect } from './connect.js';
import { mountUnfinished } from './unfinished.js';
import { ask, complain, toast } from '../lib/toast.js';
import { mountTour } from './tour.js';
import { vary } from './vary.js';
import { mountVolume } from '../audio/volume.js';
import { parseWav } from '../audio/wav.js';
import { recordingsOf } from '../lib/words.js';

export async function mount(element, { baseUrl, send, receive }) {
  const root = element.querySelector('#dream');
  window.studio = { counts: { dreams: 0, updates: 0, previews: 0, uploads: 0 } };
  const fetched = async name => (await ask(new URL(name, baseUrl))).json();
  let state;
  let presets;
  try {
    const [listing, named] = await Promise.all([fetched('models.json'), fetched('presets.json')]);
    state = new State(listing);
    presets = named;
  } catch (error) {
    complain(error);
    return;
  }
  const bridge = { baseUrl, send, receive, page: path => new URL(`../${path}`, baseUrl) };
  const player = new Player();
  const scope = new Scope(root.querySelector('#scope'), player);
  const curves = new Curves(root.querySelector('#curves'));
  const view = new View(state);
  const panel = new SoundPanel(root, { player, scope, curves });
  const run = new Run(bridge, state);
  const takes = new Takes(root.querySelector('#takes'), bridge, state, player);
  const sounds = new MapSounds(root, state, view, { stepBack: share => player.duck(share) });
  const history = new History(state);
  Object.assign(window.studio, { player, scope, state, panel, run, takes, sounds, history });

  mountModels(root, state);
  mountNetwork(root.querySelector('#network'), state, view);
  mountMaps(root, state, view, sounds);
  const alike = mountAlike(root, { state, view, sounds, panel, baseUrl });
  takes.addEventListener('like', event => alike.likeTake(event.detail));
  mountObjectives(root, state, baseUrl);
  mountFaders(root, state);
  mountInfo(root, root.querySelector('#info'));
  mountHistory(root, history);
  mountVolume(root);
  followLayout(root);
  const source = mountSource(root, state, baseUrl, {
    onSound: (bytes, name) => run.busy || panel.showStart(parseWav(bytes), name),
    onRecipe: recipe => loadRecipe(state, recipe),
    onMade: recording => visit.restore(recording),
    isBusy: () => run.busy || Boolean(panel.after),
  });
  const visit = connect({ takes, run, panel, state, source, player, bridge, loadRecipe });
  mountBeginnings(root, { state, run, visit, sounds, player, presets, takes, panel, fetched });

  run.addEventListener('begin', () => {
    source.cancel();
    panel.begin(describe(state, state.recipe));
  });
  run.addEventListener('update', event => panel.update(event.detail));
  run.addEventListener('preview', event => panel.preview(event.detail));

  if (!state.models.length) {
    toast('There are no models here yet. Train one with “studio train”, then open the page again.', { kind: 'error', lasts: 0 });
  }
  try {
    const recipe = await linked(baseUrl, state.models);
    if (recipe) loadRecipe(state, recipe);
  } catch (error) {
    complain(error);
  }
  root.dataset.ready = 'true';
  document.documentElement.dataset.ready = 'true';
  sounds.load(baseUrl);
  mountTour(root);
}

// All that leads to a dream: the button, a surprise, a preset, a variation, their keys.
function mountBeginnings(root, { state, run, visit, sounds, player, presets, takes, panel, fetched }) {
  const dreamOrStop = () => {
    player.unlock();
    if (run.busy) run.stop();
    else visit.dream();
  };
  const dreamAs = recipe => {
    player.unlock();
    if (run.busy) run.stop();
    state.replace(recipe);
    visit.dream();
  };
  const surprise = async () => {
    player.unlock();
    try {
      dreamAs(await fetched('surprise.json'));
    } catch (error) {
      complain(error);
    }
  };
  const another = far => {
    player.unlock();
    if (run.busy) run.stop();
    state.set(vary(state, far, (...place) => sounds.near(...place)));
    visit.dream();
  };
  const click = (id, act) => root.querySelector(`#${id}`).addEventListener('click', act);
  click('dream-button', dreamOrStop);
  click('surprise', surprise);
  click('vary-little', () => another(false));
  click('vary-lot', () => another(true));
  click('settings-link', () => copyLink(state.recipe, state));
  mountPresets(root, state, presets, preset => dreamAs(preset.recipe));
  mountUnfinished(run, state, recipe => (recordingsOf(recipe) ? loadRecipe(state, recipe) : dreamAs(recipe)));
  mountKeys(root, { dream: dreamOrStop, surprise, vary: () => another(false), swap: () => takes.swap(), panel });
}

// Set every control, with the recordings that are still here.
function loadRecipe(state, recipe, recordings = {}) {
  state.replace(recipe, recordings);
  toast(`The recipe is loaded. ${recordingsOf(state.recipe, recordings) || 'Dream makes this sound again.'}`);
}
