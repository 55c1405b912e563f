// The Dream tab: puts the parts together and keeps what is shown in step with what is heard.

import { mountAlike } from './alike.js';
import { Curves } from './curves.js';
import { mountFaders, mountInfo } from './faders.js';
import { History, mountHistory } from './history.js';
import { mountKeys } from './keys.js';
import { copyLink, linked } from './link.js';
import { mountMaps, View } from './maps.js';
import { MapSounds } from './mapsounds.js';
import { mountModels } from './models.js';
import { mountNetwork } from './network.js';
import { mountObjectives } from './objectives.js';
import { followLayout } from './order.js';
import { Player } from './player.js';
import { mountPresets } from './presets.js';
import { Run } from './run.js';
import { Scope } from './scope.js';
import { mountSource } from './source.js';
import { describe, State } from './state.js';
import { Stage } from './stage.js';
import { Takes } from './takes.js';
import { connect } from './takes/connect.js';
import { mountUnfinished } from './takes/unfinished.js';
import { ask, complain, toast } from './toast.js';
import { mountTour } from './tour.js';
import { vary } from './vary.js';
import { mountVolume } from './volume.js';
import { parseWav } from './wav.js';
import { recordingsOf } from './words.js';

export async function mount(element, { home, send, receive }) {
  const root = element.querySelector('#dream');
  window.studio = { counts: { dreams: 0, updates: 0, previews: 0, uploads: 0 } };
  const fetched = async name => (await ask(new URL(name, home))).json();
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
  const bridge = { home, send, receive, page: path => new URL(`../${path}`, home) };
  const player = new Player();
  const scope = new Scope(root.querySelector('#scope'), player);
  const curves = new Curves(root.querySelector('#curves'));
  const view = new View(state);
  const stage = new Stage(root, { player, scope, curves });
  const run = new Run(bridge, state);
  const takes = new Takes(root.querySelector('#takes'), bridge, state, player);
  const sounds = new MapSounds(root, state, view, { stepBack: share => player.duck(share) });
  const history = new History(state);
  Object.assign(window.studio, { player, scope, state, stage, run, takes, sounds, history });

  mountModels(root, state);
  mountNetwork(root.querySelector('#network'), state, view);
  mountMaps(root, state, view, sounds);
  const alike = mountAlike(root, { state, view, sounds, stage, home });
  takes.addEventListener('like', event => alike.likeTake(event.detail));
  mountObjectives(root, state, home);
  mountFaders(root, state);
  mountInfo(root, root.querySelector('#info'));
  mountHistory(root, history);
  mountVolume(root);
  followLayout(root);
  const source = mountSource(root, state, home, {
    onSound: (bytes, name) => run.busy || stage.showStart(parseWav(bytes), name),
    onRecipe: recipe => loadRecipe(state, recipe),
    onMade: recording => visit.restore(recording),
    isBusy: () => run.busy || Boolean(stage.after),
  });
  const visit = connect({ takes, run, stage, state, source, player, bridge, loadRecipe });
  mountBeginnings(root, { state, run, visit, sounds, player, presets, takes, stage, fetched });

  run.addEventListener('begin', () => {
    source.cancel();
    stage.begin(describe(state, state.recipe));
  });
  run.addEventListener('update', event => stage.update(event.detail));
  run.addEventListener('preview', event => stage.preview(event.detail));

  if (!state.models.length) {
    toast('There are no models here yet. Train one with “studio train”, then open the page again.', { kind: 'error', lasts: 0 });
  }
  try {
    const recipe = await linked(home, state.models);
    if (recipe) loadRecipe(state, recipe);
  } catch (error) {
    complain(error);
  }
  root.dataset.ready = 'true';
  document.documentElement.dataset.ready = 'true';
  sounds.load(home);
  mountTour(root);
}

// All that leads to a dream: the button, a surprise, a preset, a variation, their keys.
function mountBeginnings(root, { state, run, visit, sounds, player, presets, takes, stage, fetched }) {
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
  mountKeys(root, { dream: dreamOrStop, surprise, vary: () => another(false), swap: () => takes.swap(), stage });
}

// Set every control, with the recordings that are still here.
function loadRecipe(state, recipe, recordings = {}) {
  state.replace(recipe, recordings);
  toast(`The recipe is loaded. ${recordingsOf(state.recipe, recordings) || 'Dream makes this sound again.'}`);
}
