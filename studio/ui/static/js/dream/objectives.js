// Beyond the paper's objective: what is asked of each map, a guide sound, and stages that follow.

import { upload } from '../lib/upload.js';
import { contract } from '../lib/contract.js';
import { find, findAll, finder, make, makeButton } from '../lib/dom.js';
import { complaining, toast } from '../lib/toast.js';
import { BUILT_IN, isRecording, NO_GUIDE, plainName } from '../lib/words.js';
import { describe, FIRST_GUIDE } from '../picker/state.js';
import { asked, MEASURES, measureOf, targetOf, weightOf } from '../picker/targets.js';

const { fields, stages: { most: MOST_STAGES, changes } } = contract.recipe;
// What a next stage keeps of the settings; the rarely used ones hold for the whole dream.
const STAGED = changes.filter(name => !fields[name].advanced);

/** @typedef {import('../lib/types.js').Target} Target */
/** @typedef {import('../lib/types.js').Measure} Measure */
/** @typedef {import('../lib/types.js').Changes} Changes */
/** @typedef {import('../picker/state.js').State} State */

/** @type {Record<Measure, string>} */
const HINTS = {
  response: 'The map is to answer strongly, up or down: the paper’s objective. At the output layer that moves away from the class.',
  activation: 'The map is to go up. At the output layer that makes its class more likely.',
  guide: 'The map is to answer as it does to the guide sound.',
};

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {URL} baseUrl
 */
export function mountObjectives(root, state, baseUrl) {
  mountMeasures(find(root, '#measures'), state);
  mountGuide(root, state, baseUrl);
  mountStages(root, state);
  // Settings that are in use are not hidden away.
  state.watch(['targets', 'stages'], () => {
    const used = state.recipe.targets.some(target => target[3]) || state.recipe.stages?.length;
    if (used) find(root, '#objectives', HTMLDetailsElement).open = true;
  });
}

/**
 * @param {HTMLElement} rows
 * @param {State} state
 */
function mountMeasures(rows, state) {
  /**
   * @param {Target} target
   * @param {number} index
   */
  const row = (target, index) => {
    const [layer, map] = target;
    const isClass = Boolean(state.layers[layer].output) && map !== null;
    const what = describe(state, { ...state.recipe, targets: [[layer, map]] }).targets;
    const select = make('select', {}, ...MEASURES.map(name => new Option(asked(name, weightOf(target), isClass), name)));
    select.value = measureOf(target);
    select.addEventListener('change', () => {
      const targets = state.recipe.targets.map((other, i) => (i === index ? targetOf(other[0], other[1], other[2], /** @type {Measure} */ (select.value)) : other));
      state.set({ targets });
    });
    return make('label', { 'data-hint': HINTS[measureOf(target)] }, what, select);
  };
  state.watch(['targets', 'dataset', 'architecture'], () => {
    const at = [...rows.children].findIndex(label => label.contains(document.activeElement));
    rows.replaceChildren(...state.recipe.targets.map(row));
    findAll(rows, 'select')[at]?.focus();
  });
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {URL} baseUrl
 */
function mountGuide(root, state, baseUrl) {
  const guide = find(root, '#guide');
  const choice = find(guide, 'select', HTMLSelectElement);
  const file = find(guide, 'input', HTMLInputElement);
  const missing = find(root, '#guide-missing');
  state.watch(['guide'], () => {
    const { guide: recording, guideRecording, recipe: { guide: name = NO_GUIDE } } = state;
    const none = name === NO_GUIDE;
    const lost = !none && isRecording(name) && !guideRecording;
    const options = new Set([...BUILT_IN, ...(recording ? [recording.name] : []), ...(none ? [] : [name])]);
    guide.hidden = none;
    choice.replaceChildren(...[...options].map(option => new Option(plainName(option), option)));
    choice.value = none ? FIRST_GUIDE : name;
    missing.hidden = !lost;
    missing.textContent = lost ? `The guide was ${plainName(name)}. Choose that recording again, or take another guide.` : '';
  });
  choice.addEventListener('change', () => state.set({ guide: choice.value }));
  file.addEventListener('change', complaining(async () => {
    const recording = file.files?.[0];
    file.value = '';
    if (!recording) return;
    const { token, name } = await upload(baseUrl, recording, recording.name);
    state.setGuide({ token, name });
  }));
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function mountStages(root, state) {
  const byId = finder(root);
  /**
   * @param {Changes} changes
   * @param {number} index
   */
  const stage = (changes, index) => {
    const { targets } = describe(state, { ...state.recipe, ...changes });
    const remove = () => state.set({ stages: state.recipe.stages?.filter((_, i) => i !== index) });
    return make('li', {}, `${targets} · ${changes.iterations ?? state.recipe.iterations} iterations`,
      makeButton({ class: 'ghost', 'aria-label': `Remove stage ${index + 2}` }, remove, '×'));
  };
  state.watch(['stages', 'iterations', 'dataset', 'architecture'], () => byId('stages').replaceChildren(...(state.recipe.stages || []).map(stage)));
  byId('stage-add').addEventListener('click', () => {
    const stages = state.recipe.stages || [];
    if (stages.length >= MOST_STAGES) {
      toast(`${MOST_STAGES} next stages are the most. Remove one first.`, { kind: 'error' });
      return;
    }
    const changes = Object.fromEntries(STAGED.filter(name => name in state.recipe).map(name => [name, state.recipe[name]]));
    state.set({ stages: [...stages, structuredClone(changes)] });
  });
}
