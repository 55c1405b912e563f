// Named settings to begin with: a click sets every control and dreams.

import { signOf, datasetLabel } from '../lib/datasets.js';

export function mountPresets(root, state, presets, onChoose) {
  const there = presets.filter(({ recipe }) => state.models.some(model => model.dataset === recipe.dataset && model.architecture === recipe.architecture));
  root.querySelector('#presets').replaceChildren(...there.map(preset => {
    const { name, says, recipe } = preset;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `preset ${recipe.dataset}`;
    button.dataset.hint = `${name}: ${says} (${datasetLabel(recipe.dataset)}, layer ${recipe.targets[0][0]}). A click dreams it.`;
    button.innerHTML = `<i class="sign" aria-hidden="true">${signOf(recipe.dataset)}</i>`;
    button.append(name);
    button.addEventListener('click', () => onChoose(preset));
    return button;
  }));
  root.querySelector('#presets-none').hidden = there.length > 0;
}
