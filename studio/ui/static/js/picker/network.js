// The network as a row of its layers, to (logarithmic) scale: height its length in time, width its
// channels. A click chooses where to listen.

import { walkRadios } from '../lib/radios.js';

const LOWEST = 0.11; // of the row's height: a block one can still see
const GAP = 7;

// `prefix` keeps the ids of two tabs apart.
export function mountNetwork(root, state, view, prefix = '') {
  const draw = () => {
    const layers = state.layers;
    const longest = Math.log(layers[0].length + 1);
    const widths = layers.map(layer => 4 + Math.log2(layer.channels + 1) * (layer.output ? 1.2 : 2.6));
    root.style.setProperty('--total', widths.reduce((sum, width) => sum + width, 0) + GAP * layers.length);
    root.innerHTML = '';
    root.append(wave());
    layers.forEach((layer, index) => root.append(block(layer, index, widths[index], longest)));
    mark();
  };
  const block = (layer, index, width, longest) => {
    const button = document.createElement('button');
    const height = LOWEST + (1 - LOWEST) * (Math.log(layer.length + 1) / longest);
    const name = layer.output ? 'the class probabilities' : `layer ${index}`;
    const steps = `${layer.length.toLocaleString('en')} step${layer.length === 1 ? '' : 's'}`;
    button.type = 'button';
    button.className = layer.output ? 'layer output' : 'layer';
    button.id = `${prefix}layer-${index}`;
    button.setAttribute('role', 'radio');
    button.setAttribute('aria-label', `Layer ${index}: ${layer.channels} maps, ${steps}`);
    button.dataset.hint = layer.output
      ? `Layer ${index}: how probable each of the ${layer.channels} classes is (log-softmax).`
      : `Layer ${index} hears the sound in ${steps}, through ${layer.channels} feature maps${
        index === 0 ? ': simple, pitched, steady' : index >= state.layers.length - 2 ? ', one for each class' : ''}.`;
    button.title = `${name}: ${layer.channels} maps × ${steps}`;
    button.style.flexGrow = width;
    button.innerHTML = `<i style="--part:${height.toFixed(3)}"></i><b>${layer.label}</b>`;
    button.addEventListener('click', () => view.chooseLayer(index));
    button.addEventListener('keydown', event => walkRadios(event, root));
    return button;
  };
  const mark = () => {
    const taken = new Set(state.recipe.targets.map(([layer]) => layer));
    root.querySelectorAll('.layer').forEach((button, index) => {
      const shown = index === view.layer;
      button.classList.toggle('taken', taken.has(index));
      button.setAttribute('aria-checked', String(shown));
      button.tabIndex = shown ? 0 : -1;
    });
  };
  state.watch(['dataset', 'architecture', 'seconds'], draw);
  state.watch(['targets'], mark);
  view.addEventListener('layer', mark);
}

function wave() {
  const element = document.createElement('span');
  element.className = 'input-wave';
  element.setAttribute('aria-hidden', 'true');
  element.innerHTML = '<svg viewBox="0 0 24 92" preserveAspectRatio="none"><path d="M0 46h3M5 38v16M9 22v48M13 6v80M17 26v40M21 38v16"/></svg>';
  return element;
}
