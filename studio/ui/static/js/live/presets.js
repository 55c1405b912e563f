// Settings with a name, to jump to in a given time.

import { signMark } from '../lib/datasets.js';
import { finder, makeButton } from '../lib/dom.js';
import { recall, remember } from '../lib/memory.js';

const KEY = 'studio-live-presets';
const MOST = 24;
// What stays as it is when a preset of one's own comes: the buffer, its level, the player's microphone.
const STAYS = ['seconds', 'initial', 'start_seconds', 'seed', 'level_db', 'input_level', 'freeze', 'stop_after'];

/** @typedef {import('./messages.js').LivePreset} LivePreset */

/**
 * @param {HTMLElement} root
 * @param {import('./settings.js').LiveState} state
 * @param {import('./stream.js').Stream} stream
 * @param {LivePreset[]} presets
 */
export function mountPresets(root, state, stream, presets) {
  const byId = finder(root, 'live-');
  const strip = byId('presets-strip');
  const glide = byId('glide', HTMLInputElement);
  const text = byId('glide-text');
  let own = load();
  const show = () => { text.textContent = `${Number(glide.value)} s`; };
  glide.addEventListener('input', show);
  show();

  /** @param {LivePreset} preset */
  const jump = ({ changes }) => {
    const known = state.known(changes);
    state.set(known, 'studio');
    const settled = Object.fromEntries(Object.keys(known).map(name => [name, state.recipe[name]]));
    stream.change(settled, { glideSeconds: Number(glide.value) });
  };
  const build = () => {
    strip.replaceChildren(...[...presets, ...own].map((preset, index) => {
      const { dataset = '' } = preset.changes;
      const mine = own.includes(preset);
      const button = makeButton({
        id: `live-preset-${index}`,
        class: `preset ${dataset}${mine ? ' own' : ''}`,
        'data-midi': true,
        'data-hint': mine ? 'A preset of yours. Delete removes it.' : 'Morph to this preset.',
      }, () => jump(preset), signMark(dataset), preset.name);
      button.addEventListener('keydown', event => {
        if (event.key !== 'Delete' || !mine) return;
        own = own.filter(other => other !== preset);
        keep();
      });
      return button;
    }));
  };
  const keep = () => {
    remember(KEY, own);
    build();
  };
  byId('keep').addEventListener('click', () => {
    const changes = Object.fromEntries(Object.entries(state.recipe).filter(([name]) => !STAYS.includes(name)));
    own = [...own, { name: `Mine ${own.length + 1}`, changes }].slice(-MOST);
    keep();
  });
  state.watch([...Object.keys(state.recipe)], () => {
    [...presets, ...own].forEach((preset, index) => {
      const same = Object.entries(preset.changes).every(([name, value]) => name === 'level_db' || JSON.stringify(value) === JSON.stringify(state.recipe[name]));
      strip.children[index]?.setAttribute('aria-pressed', String(same));
    });
  });
  build();
}

/** @returns {LivePreset[]} */
function load() {
  const kept = recall(KEY, []);
  return Array.isArray(kept) ? kept.filter(preset => preset && preset.name && preset.changes) : [];
}
