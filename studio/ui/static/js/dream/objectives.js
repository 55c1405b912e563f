// Beyond the paper's objective: what is asked of each map, a guide sound, and stages that follow.

import { describe, FIRST_GUIDE } from '../picker/state.js';
import { asked, MEASURES, measureOf, targetOf } from '../picker/targets.js';
import { complain, toast } from '../lib/toast.js';
import { upload } from '../lib/uploads.js';
import { BUILT_IN, isRecording, plainName } from '../lib/words.js';

const MOST_STAGES = 9;
const HINTS = {
  response: 'The map is to answer strongly, up or down: the paper’s objective. At the output layer that moves away from the class.',
  activation: 'The map is to go up. At the output layer that makes its class more likely.',
  guide: 'The map is to answer as it does to the guide sound.',
};
const STAGED = [
  'targets', 'iterations', 'learning_rate', 'max_offset', 'cutoff_hz', 'smoothing_coefficient',
  'smoothing_kernel', 'closeness',
];

export function mountObjectives(root, state, baseUrl) {
  const rows = root.querySelector('#measures');
  const guide = root.querySelector('#guide');
  const choice = guide.querySelector('select');
  const file = guide.querySelector('input');
  const missing = root.querySelector('#guide-missing');
  const list = root.querySelector('#stages');

  const measure = (index, name) => {
    const changed = (target, i) => (i === index ? targetOf(...target.slice(0, 3), name) : target);
    state.set({ targets: state.recipe.targets.map(changed) });
  };
  const row = (target, index) => {
    const [layer, map, weight] = target;
    const isClass = Boolean(state.layers[layer].output) && map !== null;
    const label = document.createElement('label');
    const what = describe(state, { ...state.recipe, targets: [[layer, map]] }).targets;
    const select = document.createElement('select');
    select.append(...MEASURES.map(name => new Option(asked(name, weight, isClass), name)));
    select.value = measureOf(target);
    select.addEventListener('change', () => measure(index, select.value));
    label.dataset.hint = HINTS[select.value];
    label.append(what, select);
    return label;
  };
  const showTargets = () => {
    const at = [...rows.children].findIndex(label => label.contains(document.activeElement));
    rows.replaceChildren(...state.recipe.targets.map(row));
    rows.children[at]?.querySelector('select').focus();
  };
  const showGuide = () => {
    const { guide: recording, guideRecording, recipe: { guide: name = 'none' } } = state;
    guide.hidden = name === 'none';
    const options = new Set([...BUILT_IN, ...(recording ? [recording.name] : []), ...(guide.hidden ? [] : [name])]);
    choice.replaceChildren(...[...options].map(option => new Option(plainName(option), option)));
    choice.value = guide.hidden ? FIRST_GUIDE : name;
    missing.hidden = guide.hidden || !isRecording(name) || Boolean(guideRecording);
    missing.textContent = missing.hidden ? '' : `The guide was ${plainName(name)}. Choose that recording again, or take another guide.`;
  };
  choice.addEventListener('change', () => state.set({ guide: choice.value }));
  file.addEventListener('change', async () => {
    const [recording] = file.files;
    file.value = '';
    if (!recording) return;
    try {
      const { token, name } = await upload(baseUrl, recording);
      state.setGuide({ token, name });
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
  // Settings that are in use are not hidden away.
  state.watch(['targets', 'stages'], () => {
    const used = state.recipe.targets.some(target => target[3]) || state.recipe.stages?.length;
    if (used) root.querySelector('#objectives').open = true;
  });
}
