// The Live tab: puts the parts together.

import { mountVolume } from '../audio/volume.js';
import { askJson } from '../lib/ask.js';
import { contract } from '../lib/contract.js';
import { closest, find, finder } from '../lib/dom.js';
import { inspectable } from '../lib/inspect.js';
import { mountShortcuts } from '../lib/keys.js';
import { minutes } from '../lib/numbers.js';
import { followLayout } from '../lib/order.js';
import { copy } from '../lib/share-link.js';
import { complain, complaining } from '../lib/toast.js';
import { mountAlike } from '../picker/alike.js';
import { mountFaders, mountInfo } from '../picker/faders.js';
import { describe } from '../picker/state.js';
import { Midi } from './midi.js';
import { Picture } from './picture.js';
import { mountPresets } from './presets.js';
import { mountRecord } from './record.js';
import { mountSets } from './sets.js';
import { fromLink, LiveState, toLink } from './settings.js';
import { mountSource } from './source.js';
import { Stream } from './stream.js';

const HIGH_LOAD = 0.7;

/** @typedef {import('./messages.js').LiveAbout} LiveAbout */
/** @typedef {import('../lib/types.js').Listing} Listing */

/**
 * @param {HTMLElement} element
 * @param {{ baseUrl: URL, signal: AbortSignal }} given
 */
export async function mount(element, { baseUrl, signal }) {
  const root = find(element, '#live');
  const byId = finder(root, 'live-');
  /** @type {[LiveAbout, Listing]} */
  const [about, listing] = await Promise.all([askJson(new URL('live.json', baseUrl)), askJson(new URL('models.json', baseUrl))]);
  const linked = fromLink(about.presets);
  const state = new LiveState(listing, /** @type {LiveAbout['settings']} */ (contract.live.defaults));
  if (!state.model && listing.models.length) {
    const { dataset, architecture } = listing.models[0];
    state.set({ dataset, architecture });
  }
  if (linked) state.set(state.known(linked), 'studio');
  const stream = new Stream(baseUrl, signal);
  const picture = new Picture(root, stream);
  const sets = mountSets(root, state, stream, signal);
  const source = mountSource(root, state, stream, baseUrl);
  const midi = new Midi(root);
  mountFaders(root, state, contract.live.fields);
  mountInfo(root, byId('info'));
  mountRecord(root, stream);
  mountPresets(root, state, stream, about.presets);

  state.sendTo(changes => stream.change(changes));
  stream.on('changed', ({ changes }) => state.set(state.known(changes), 'studio'));
  stream.on('refused', ({ message }) => complain(new Error(message)));
  stream.on('failed', message => complain(new Error(message)));

  const toggle = complaining(async () => {
    if (stream.running) stream.stop();
    else await stream.start(state.settings, source.upload);
  });
  const freeze = () => state.set({ freeze: !state.settings.freeze });
  byId('start').addEventListener('click', toggle);
  byId('freeze').addEventListener('click', freeze);
  state.watch(['freeze'], () => byId('freeze').setAttribute('aria-pressed', String(state.settings.freeze)));
  state.watch(['dataset', 'architecture', 'targets', 'second', 'morph'], () => {
    const { second, morph } = state.settings;
    const said = describe(state, state.recipe);
    byId('title').textContent = said.targets + (second && morph > 0 ? ' … B' : '');
    byId('detail').textContent = said.model;
  });
  byId('link').addEventListener('click', () => copy(toLink(state), 'The link is copied. It starts these settings with one click.'));
  mountShortcuts(root, { ' ': toggle, Enter: toggle, f: freeze, r: () => byId('record').click() }, { signal, pressing: [' ', 'Enter'] });
  follow(root, stream);
  mountAlike(root, { state: sets.picker, view: sets.view, sounds: sets.sounds, baseUrl, prefix: 'live-' });
  mountVolume(root, signal);
  followLayout(root, signal);
  // What Start needs is fetched when the hand moves towards it.
  byId('start').addEventListener('pointerenter', () => stream.warm());
  if (linked || about.sequence) invite(root, stream, toggle, signal);
  inspectable({ live: { state, stream, picture, sets, midi, source } });
  root.dataset.ready = 'true';
  sets.sounds.load(baseUrl);
}

/**
 * @param {HTMLElement} root
 * @param {Stream} stream
 */
function follow(root, stream) {
  const byId = finder(root, 'live-');
  const load = byId('load');
  const status = byId('status');
  stream.on('change', () => {
    root.dataset.state = stream.running ? 'playing' : 'idle';
    find(byId('start'), '.label').textContent = stream.running ? 'Stop' : 'Start';
    if (!stream.running) status.textContent = '';
  });
  stream.on('moved', () => { byId('clock').textContent = minutes(stream.seconds); });
  let dropped = 0;
  stream.on('report', report => {
    load.style.setProperty('--level', String(Math.min(1, report.load)));
    find(load, 'output').textContent = `${Math.round(report.load * 100)} %`;
    load.classList.toggle('full', report.load > HIGH_LOAD);
    const text = report.message || (report.dropped > dropped ? 'Some iterations are left out.' : '');
    if (status.textContent !== text) status.textContent = text;
    ({ dropped } = report);
    root.dataset.restored = String(report.restored);
  });
}

/**
 * The first click anywhere starts what a link brought: browsers want a click before any sound.
 *
 * @param {HTMLElement} root
 * @param {Stream} stream
 * @param {() => void} toggle
 * @param {AbortSignal} signal
 */
function invite(root, stream, toggle, signal) {
  root.dataset.state = 'waiting';
  find(root, '#live-status').textContent = 'Click anywhere to start.';
  document.addEventListener('pointerdown', event => {
    if (!closest(event, '#live-start') && !stream.running) toggle();
  }, { once: true, signal });
}
