// The Dream tab: puts the parts together and keeps what is shown in step with what is heard.

import { Player } from '../audio/player.js';
import { mountVolume } from '../audio/volume.js';
import { parseWav } from '../audio/wav.js';
import { askJson } from '../lib/ask.js';
import { atHand } from '../lib/at-hand.js';
import { bus } from '../lib/bus.js';
import { contract } from '../lib/contract.js';
import { find } from '../lib/dom.js';
import { inspectable } from '../lib/inspect.js';
import { followLayout } from '../lib/order.js';
import { linked } from '../lib/share-link.js';
import { complain, toast } from '../lib/toast.js';
import { recordingsOf } from '../lib/words.js';
import { mountAlike } from '../picker/alike.js';
import { mountFaders, mountInfo } from '../picker/faders.js';
import { mountMaps } from '../picker/maps.js';
import { MapSounds } from '../picker/mapsounds.js';
import { mountModels, mountStandIn } from '../picker/models.js';
import { mountNetwork } from '../picker/network.js';
import { describe, lackOf, State } from '../picker/state.js';
import { View } from '../picker/view.js';
import { mountApart } from './apart.js';
import { mountBeginnings } from './beginnings.js';
import { mountBrightness } from './brightness.js';
import { connect } from './connect.js';
import { Curves } from './curves.js';
import { mountForm } from './form.js';
import { History, mountHistory } from './history.js';
import { mountLanes } from './lanes.js';
import { mountObjectives } from './objectives.js';
import { mountPitch } from './pitch.js';
import { Run } from './run.js';
import { Scope } from './scope.js';
import { SoundPanel } from './sound-panel.js';
import { mountSource } from './source.js';
import { Takes } from './takes.js';
import { mountTour } from './tour.js';

/** @typedef {import('./run.js').Bridge} Bridge */
/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('../lib/types.js').Recordings} Recordings */

/**
 * @param {HTMLElement} element
 * @param {Pick<Bridge, 'baseUrl' | 'send' | 'receive'> & { signal: AbortSignal }} given
 */
export async function mount(element, { baseUrl, send, receive, signal }) {
  const root = find(element, '#dream');
  const [listing, presets] = await Promise.all(['models.json', 'presets.json'].map(name => askJson(new URL(name, baseUrl))));
  const state = new State(listing);
  /** @type {Bridge} */
  const bridge = { baseUrl, send, receive, page: path => new URL(`../${path}`, baseUrl) };
  const player = new Player();
  const scope = new Scope(find(root, '#scope'), player, signal);
  const curves = new Curves(find(root, '#curves'), signal);
  const view = new View(state);
  const panel = new SoundPanel(root, { player, scope, curves });
  const run = new Run(bridge, state);
  const takes = new Takes(find(root, '#takes'), bridge, state, player, signal);
  const sounds = new MapSounds(root, state, view, { stepBack: share => player.duck(share), signal });
  const history = new History(state);

  mountModels(root, state);
  mountStandIn(root, state);
  mountNetwork(find(root, '#network'), state, view);
  mountMaps(root, state, view, sounds);
  const alike = mountAlike(root, { state, view, sounds, panel, baseUrl });
  takes.on('like', take => alike.likeTake(take));
  mountObjectives(root, state, baseUrl);
  mountFaders(root, state, contract.recipe.fields);
  mountBrightness(root, state);
  mountPitch(root, state);
  mountLanes(root, state, baseUrl, signal);
  mountForm(root, state);
  mountApart(root, state);
  mountInfo(root, find(root, '#info'));
  mountHistory(root, history, signal);
  mountVolume(root, signal);
  followLayout(root, signal);

  /**
   * Set every control, with the recordings that are still here.
   *
   * @param {Partial<Recipe>} recipe
   * @param {Recordings} [recordings]
   */
  const loadRecipe = (recipe, recordings = {}) => {
    const lack = lackOf(state.models, { ...state.recipe, ...recipe });
    state.replace(recipe, recordings);
    const again = recordingsOf(state.recipe, recordings) || 'Dream makes this sound again.';
    toast(lack ? `The recipe is loaded, but ${lack}` : `The recipe is loaded. ${again}`);
  };
  const source = mountSource(root, state, baseUrl, signal, {
    onSound: (bytes, name) => run.busy || panel.showStart(parseWav(bytes), name),
    onRecipe: recipe => loadRecipe(recipe),
    onMade: recording => restore(recording),
    isBusy: () => run.busy || Boolean(panel.after),
  });
  const { dream, restore } = connect({ takes, run, panel, state, source, bridge, loadRecipe });
  mountBeginnings(root, { state, run, dream, loadRecipe, sounds, presets, takes, panel, baseUrl, signal });

  run.on('begin', () => {
    source.cancel();
    panel.begin(describe(state, state.recipe));
  });
  run.on('update', update => panel.update(update));
  run.on('preview', sound => panel.preview(sound));
  bus.on('dream', ({ recipe, changes, recording }) => {
    if (recipe) state.replace(recipe);
    if (recording !== undefined) state.setRecording(recording, changes || {});
    else if (changes) state.set(changes);
  }, { signal });
  Object.assign(atHand, { takes: () => takes.items, recording: () => state.recording });
  inspectable({ player, scope, state, panel, run, takes, sounds, history, source });

  if (!state.models.length) {
    toast('There are no models here yet. Train one with “studio train”, then open the page again.', { kind: 'error', lasts: 0 });
  }
  if (listing.left_out?.length) {
    toast(`Some models cannot be used: ${listing.left_out.join(', ')}. The studio’s log says why.`, { lasts: 12_000 });
  }
  try {
    const recipe = await linked(baseUrl, state.models);
    if (recipe) loadRecipe(recipe);
  } catch (error) {
    complain(error);
  }
  root.dataset.ready = 'true';
  sounds.load(baseUrl);
  mountTour(root, signal);
}
