// Beyond the paper's objective: what is asked of each map, a guide sound, and stages that follow.

import { describe } from './state.js';
import { complain, toast } from './toast.js';
import { upload } from './uploads.js';

const BUILT_IN = ['tone', 'impulse', 'white noise', 'silence'];
const MOST_STAGES = 9;
const STAGED = [
  'targets', 'iterations', 'learning_rate', 'max_offset', 'cutoff_hz', 'smoothing_coefficient',
  'smoothing_kernel', 'closeness',
];

export function mountObjectives(root, state, home) {
  const rows = root.querySelector('#measures');
  const guide = root.querySelector('#guide');
  const choice = guide.querySelector('select');
  const file = guide.querySelector('input');
  const list = root.querySelector('#stages');

  // The guide serves every stage, those that follow included.
  const guided = targets => [targets, ...(state.recipe.stages || []).map(changes => changes.targets || [])]
    .some(asked => asked.some(target => target[3] === 'guide'));
  const measure = (index, name) => {
    const targets = state.recipe.targets.map((target, i) => {
      if (i !== index) return target;
      return name === 'response' ? target.slice(0, 3) : [...target.slice(0, 3), name];
    });
    const needed = guided(targets);
    const named = state.recipe.guide !== 'none';
    state.set({ targets, ...(needed && !named ? { guide: BUILT_IN[0] } : {}), ...(!needed ? { guide: 'none' } : {}) });
  };
  const row = ([layer, map, weight, name = 'response'], index) => {
    const output = state.layers[layer].output;
    const label = document.createElement('label');
    const what = describe(state, { ...state.recipe, targets: [[layer, map]] }).targets;
    const select = document.createElement('select');
    const words = {
      response: 'respond more',
      activation: output ? 'sound like this class' : 'rise',
      guide: 'respond as to the guide',
    };
    select.append(...Object.entries(words).map(([value, text]) => new Option(weight < 0 ? `not: ${text}` : text, value)));
    select.value = name;
    select.addEventListener('change', () => measure(index, select.value));
    label.append(what, select);
    return label;
  };
  const showTargets = () => rows.replaceChildren(...state.recipe.targets.map(row));
  const showGuide = () => {
    const name = state.recipe.guide ?? 'none';
    if (state.guide && name !== state.guide.name) state.guide = null;
    const options = BUILT_IN.includes(name) || name === 'none' ? BUILT_IN : [...BUILT_IN, name];
    choice.replaceChildren(...options.map(option => new Option(option.replace(/ \(sha256.*/, ''), option)));
    choice.value = name === 'none' ? BUILT_IN[0] : name;
  };
  choice.addEventListener('change', () => state.set({ guide: choice.value }));
  file.addEventListener('change', async () => {
    const [recording] = file.files;
    file.value = '';
    if (!recording) return;
    try {
      state.guide = await upload(home, recording);
      state.set({ guide: state.guide.name });
    } catch (error) {
      complain(error);
    }
  });

  const stage = (changes, index) => {
    const item = document.createElement('li');
    const { targets } = describe(state, { ...state.recipe, ...changes });
    const remove = document.createElement('button');
    Object.assign(remove, { type: 'button', className: 'ghost', textContent: '×' });
    remove.setAttribute('aria-label', `Remove stage ${index + 2}`);
    remove.addEventListener('click', () => state.set({ stages: state.recipe.stages.filter((_, i) => i !== index) }));
    item.append(`${targets} · ${changes.iterations ?? state.recipe.iterations} iterations`, remove);
    return item;
  };
  const showStages = () => list.replaceChildren(...(state.recipe.stages || []).map(stage));
  root.querySelector('#stage-add').addEventListener('click', () => {
    const stages = state.recipe.stages || [];
    if (stages.length >= MOST_STAGES) {
      toast(`${MOST_STAGES} next stages are the most. Remove one first.`, { kind: 'error' });
      return;
    }
    const changes = Object.fromEntries(STAGED.filter(name => name in state.recipe).map(name => [name, state.recipe[name]]));
    state.set({ stages: [...stages, structuredClone(changes)] });
  });

  state.watch(['targets', 'dataset', 'architecture'], showTargets);
  state.watch(['guide'], showGuide);
  state.watch(['stages', 'iterations', 'dataset', 'architecture'], showStages);
  state.watch(['targets', 'stages'], () => (guide.hidden = !guided(state.recipe.targets)));
  // Settings that are in use are not hidden away.
  state.watch(['targets', 'stages'], () => {
    const used = state.recipe.targets.some(target => target[3]) || state.recipe.stages?.length;
    if (used) root.querySelector('#objectives').open = true;
  });
}
