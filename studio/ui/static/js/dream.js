// The Dream tab: puts the parts together and keeps what is shown in step with what is heard.

import { Curves } from './curves.js';
import { mountFaders, mountInfo } from './faders.js';
import { mountKeys } from './keys.js';
import { mountMaps, View } from './maps.js';
import { mountModels } from './models.js';
import { mountNetwork } from './network.js';
import { Player } from './player.js';
import { Run } from './run.js';
import { Scope } from './scope.js';
import { mountSource } from './source.js';
import { describe, State } from './state.js';
import { Stage } from './stage.js';
import { Takes } from './takes.js';
import { ask, complain, setTray, toast } from './toast.js';
import { parseWav } from './wav.js';

export async function mount(element, { home, send, receive }) {
  const root = element.querySelector('#dream');
  setTray(root.querySelector('#toasts'));
  window.studio = { counts: { dreams: 0, updates: 0, previews: 0, uploads: 0 } };
  let state;
  try {
    state = new State(await (await ask(new URL('models.json', home))).json());
  } catch (error) {
    complain(error);
    return;
  }
  const bridge = { home, send, receive, page: path => new URL(`../${path}`, home) };
  const player = new Player();
  const scope = new Scope(root.querySelector('#scope'), player);
  const curves = new Curves(root.querySelector('#curves'));
  const view = new View(state);
  const takes = new Takes(root.querySelector('#takes'));
  const stage = new Stage(root, { player, scope, curves });
  const run = new Run(bridge, state);
  Object.assign(window.studio, { player, scope, state, stage, run });

  mountModels(root, state);
  mountNetwork(root.querySelector('#network'), state, view);
  mountMaps(root, state, view);
  mountFaders(root, state);
  mountInfo(root, root.querySelector('#info'));
  const source = mountSource(root, state, home, {
    onSound: (bytes, name) => run.busy || stage.showStart(parseWav(bytes), name),
    onRecipe: recipe => loadRecipe(state, recipe),
    isBusy: () => run.busy || Boolean(stage.after),
  });

  const dreamOrStop = () => {
    player.unlock();
    if (run.busy) run.stop();
    else run.start();
  };
  const surprise = async () => {
    player.unlock();
    if (run.busy) run.stop();
    try {
      const recipe = await (await ask(new URL('surprise.json', home))).json();
      state.replace(recipe);
      run.start();
    } catch (error) {
      complain(error);
    }
  };
  root.querySelector('#dream-button').addEventListener('click', dreamOrStop);
  root.querySelector('#surprise').addEventListener('click', surprise);
  mountKeys(root, { dream: dreamOrStop, surprise, stage });

  run.addEventListener('begin', () => {
    source.cancel();
    stage.begin(describe(state, state.recipe));
  });
  run.addEventListener('update', event => stage.update(event.detail));
  run.addEventListener('preview', event => stage.preview(event.detail));
  run.addEventListener('failed', () => stage.fail());
  run.addEventListener('done', event => {
    const take = event.detail;
    const label = describe(state, take.recipe);
    Object.assign(take, { label, base: bridge.page(take.folder) });
    stage.finish(take);
    takes.add(take, label);
  });
  takes.addEventListener('take', event => run.busy || stage.showTake(event.detail, { play: true }));

  if (!state.models.length) {
    toast('There are no models here yet. Train one with “studio train”, then open the page again.', { kind: 'error', lasts: 0 });
  }
  root.dataset.ready = 'true';
  document.documentElement.dataset.ready = 'true';
}

function loadRecipe(state, recipe) {
  const builtIn = ['white noise', 'silence', 'tone', 'impulse'].includes(recipe.initial);
  state.replace(recipe);
  toast(builtIn
    ? 'The recipe is loaded. Dream makes this sound again.'
    : `The recipe is loaded. It started from ${recipe.initial.replace(/ \(sha256.*/, '')}: choose that recording to make the same sound.`);
}
