// The Live tab: puts the parts together.

import { mountAlike } from '../picker/alike.js';
import { mountFaders, mountInfo } from '../picker/faders.js';
import { followLayout } from '../lib/order.js';
import { describe } from '../picker/state.js';
import { ask, complain, toast } from '../lib/toast.js';
import { Midi } from './midi.js';
import { Picture } from './picture.js';
import { mountPresets } from './presets.js';
import { mountRecord } from './record.js';
import { fromLink, LiveState, toLink } from './settings.js';
import { mountSets } from './sets.js';
import { mountSource } from './source.js';
import { Stream } from './stream.js';
import { mountVolume } from '../audio/volume.js';

export async function mount(element, baseUrl) {
  const root = element.querySelector('#live');
  const find = name => root.querySelector(`#live-${name}`);
  let about;
  let listing;
  try {
    [about, listing] = await Promise.all(['live.json', 'models.json'].map(async name => (await ask(new URL(name, baseUrl))).json()));
  } catch (error) {
    complain(error);
    return;
  }
  const linked = fromLink(about.presets);
  const state = new LiveState(listing, about.settings);
  if (!state.model && listing.models.length) {
    const { dataset, architecture } = listing.models[0];
    state.set({ dataset, architecture });
  }
  if (linked) adopt(state, linked);
  const stream = new Stream(baseUrl);
  const picture = new Picture(root, stream);
  const sets = mountSets(root, state, stream, baseUrl);
  const source = mountSource(root, state, stream, baseUrl);
  const midi = new Midi(root);
  window.studioLive = { state, stream, picture, sets, midi, source };
  mountFaders(root, state);
  mountInfo(root, find('info'));
  mountRecord(root, stream);
  mountPresets(root, state, stream, about.presets);

  state.sendTo(changes => !state.quiet && stream.change(changes));
  stream.addEventListener('changed', event => adopt(state, event.detail.changes));
  stream.addEventListener('refused', event => complain(new Error(event.detail.message)));
  stream.addEventListener('failed', event => complain(new Error(event.detail)));

  const toggle = async () => {
    if (stream.running) {
      stream.stop();
      return;
    }
    try {
      await stream.start(state.recipe, source.upload);
    } catch (error) {
      complain(error);
    }
  };
  find('start').addEventListener('click', toggle);
  find('freeze').addEventListener('click', () => state.set({ freeze: !state.recipe.freeze }));
  state.watch(['freeze'], () => find('freeze').setAttribute('aria-pressed', String(state.recipe.freeze)));
  state.watch(['dataset', 'architecture', 'targets', 'second', 'morph'], () => {
    const said = describe(state, state.recipe);
    const other = state.recipe.second && state.recipe.morph > 0 ? ' … B' : '';
    find('title').textContent = said.targets + other;
    find('detail').textContent = said.model;
  });
  find('link').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(toLink(state));
      toast('The link is copied. It starts these settings with one click.');
    } catch {
      toast(`Copy this link: ${toLink(state)}`, { lasts: 0 });
    }
  });
  mountKeys(root, toggle, state);
  follow(root, stream);
  mountAlike(root, { state: sets.picker, view: sets.view, sounds: sets.sounds, baseUrl, prefix: 'live-' });
  mountVolume(root);
  followLayout(root);
  // What Start needs is fetched when the hand moves towards it.
  find('start').addEventListener('pointerenter', () => stream.warm());
  if (linked || about.sequence) invite(root, stream, toggle);
  root.dataset.ready = 'true';
  sets.sounds.load(baseUrl);
}

// Take settings without sending them back.
function adopt(state, changes) {
  const known = Object.fromEntries(Object.entries(changes).filter(([name]) => name in state.recipe));
  state.set(known, 'studio');
}

function follow(root, stream) {
  const load = root.querySelector('#live-load');
  const clock = root.querySelector('#live-clock');
  const status = root.querySelector('#live-status');
  stream.addEventListener('change', () => {
    root.dataset.state = stream.running ? 'playing' : 'idle';
    root.querySelector('#live-start .label').textContent = stream.running ? 'Stop' : 'Start';
    if (!stream.running) status.textContent = '';
  });
  stream.addEventListener('moved', () => (clock.textContent = clockText(stream.seconds)));
  let dropped = 0;
  stream.addEventListener('report', event => {
    const report = event.detail;
    load.style.setProperty('--level', Math.min(1, report.load));
    load.querySelector('output').textContent = `${Math.round(report.load * 100)} %`;
    load.classList.toggle('full', report.load > 0.7);
    const text = report.message || (report.dropped > dropped ? 'Some iterations are left out.' : '');
    if (status.textContent !== text) status.textContent = text;
    ({ dropped } = report);
    root.dataset.restored = report.restored;
  });
}

const clockText = passed => `${Math.floor(passed / 60)}:${String(Math.floor(passed % 60)).padStart(2, '0')}`;

// The first click anywhere starts what a link brought: browsers want a click before any sound.
function invite(root, stream, toggle) {
  root.dataset.state = 'waiting';
  root.querySelector('#live-status').textContent = 'Click anywhere to start.';
  const begin = event => {
    if (event.target.closest?.('#live-start')) return;
    if (!stream.running) toggle();
  };
  document.addEventListener('pointerdown', begin, { once: true });
}

function mountKeys(root, toggle, state) {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !root.offsetParent) return;
    const { target } = event;
    if (target.matches('input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, [contenteditable]')) return;
    if (target.matches('button, a, summary, input') && [' ', 'Enter'].includes(event.key)) return;
    const action = { ' ': toggle, Enter: toggle, f: () => state.set({ freeze: !state.recipe.freeze }), r: () => root.querySelector('#live-record').click() }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
