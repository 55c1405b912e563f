// Named settings to begin with: a click sets every control and dreams.

import { datasetLabel, signMark } from '../lib/datasets.js';
import { finder, makeButton } from '../lib/dom.js';

/** @typedef {import('../lib/types.js').Preset} Preset */

/**
 * @param {HTMLElement} root
 * @param {import('../picker/state.js').State} state
 * @param {Preset[]} presets
 * @param {(preset: Preset) => void} onChoose
 */
export function mountPresets(root, state, presets, onChoose) {
  const byId = finder(root);
  const there = presets.filter(({ recipe }) => state.models.some(model => model.dataset === recipe.dataset && model.architecture === recipe.architecture));
  byId('presets').replaceChildren(...there.map(preset => {
    const { name, says, recipe } = preset;
    const hint = `${name}: ${says} (${datasetLabel(recipe.dataset)}, layer ${recipe.targets[0][0]}). A click dreams it.`;
    return makeButton({ class: `preset ${recipe.dataset}`, 'data-hint': hint }, () => onChoose(preset), signMark(recipe.dataset), name);
  }));
  byId('presets-none').hidden = there.length > 0;
}
