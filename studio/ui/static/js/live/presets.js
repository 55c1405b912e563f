// Settings with a name, to jump to in a given time.

import { recall, remember } from '../lib/memory.js';
import { DATASETS } from '../lib/datasets.js';

const KEY = 'studio-live-presets';
// What stays as it is when a preset comes: the buffer, its level, the player's microphone.
const STAYS = ['seconds', 'initial', 'start_seconds', 'seed', 'level_db', 'input_level', 'freeze', 'stop_after'];

export function mountPresets(root, state, stream, presets) {
  const strip = root.querySelector('#live-presets-strip');
  const glide = root.querySelector('#live-glide');
  const text = root.querySelector('#live-glide-text');
  let own = load();
  const show = () => (text.textContent = `${Number(glide.value)} s`);
  glide.addEventListener('input', show);
  show();

  const jump = ({ changes }) => {
    const known = Object.fromEntries(Object.entries(changes).filter(([name]) => name in state.recipe));
    state.set(known, 'studio');
    const settled = Object.fromEntries(Object.keys(known).map(name => [name, state.recipe[name]]));
    stream.change(settled, { glideSeconds: Number(glide.value) });
  };
  const build = () => {
    strip.replaceChildren(...[...presets, ...own].map((preset, index) => {
      const button = document.createElement('button');
      const { dataset } = preset.changes;
      button.type = 'button';
      button.id = `live-preset-${index}`;
      button.className = `preset ${dataset}${own.includes(preset) ? ' own' : ''}`;
      button.dataset.midi = '';
      button.dataset.hint = own.includes(preset) ? 'A preset of yours. Delete removes it.' : 'Morph to this preset.';
      button.innerHTML = `<i class="sign" aria-hidden="true">${DATASETS[dataset]?.sign || '◆'}</i>`;
      button.append(preset.name);
      button.addEventListener('click', () => jump(preset));
      button.addEventListener('keydown', event => {
        if (event.key !== 'Delete' || !own.includes(preset)) return;
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
  root.querySelector('#live-keep').addEventListener('click', () => {
    const changes = Object.fromEntries(Object.entries(state.recipe).filter(([name]) => !STAYS.includes(name)));
    own = [...own, { name: `Mine ${own.length + 1}`, changes }].slice(-24);
    keep();
  });
  state.watch([...Object.keys(state.recipe)], () => {
    [...presets, ...own].forEach((preset, index) => {
      const same = Object.entries(preset.changes).every(([name, value]) => JSON.stringify(value) === JSON.stringify(state.recipe[name]));
      strip.children[index]?.setAttribute('aria-pressed', String(same));
    });
  });
  build();
}

function load() {
  const kept = recall(KEY, []);
  return Array.isArray(kept) ? kept.filter(preset => preset && preset.name && preset.changes) : [];
}
