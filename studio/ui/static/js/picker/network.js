// The network as a row of its layers, to (logarithmic) scale: height its length in time, width its
// channels. A click chooses where to listen.

import { findAll, icon, make, makeButton } from '../lib/dom.js';
import { walkRadios } from '../lib/radios.js';

const LOWEST = 0.11; // of the row's height: a block one can still see
const GAP = 7;

/** @typedef {import('../lib/types.js').Layer} Layer */

/**
 * @param {HTMLElement} root
 * @param {import('./state.js').State} state
 * @param {import('./view.js').View} view
 * @param {string} [prefix]  keeps the ids of two tabs apart
 */
export function mountNetwork(root, state, view, prefix = '') {
  const draw = () => {
    const { layers } = state;
    const longest = Math.log(layers[0].length + 1);
    const widths = layers.map(layer => 4 + Math.log2(layer.channels + 1) * (layer.output ? 1.2 : 2.6));
    root.style.setProperty('--total', String(widths.reduce((sum, width) => sum + width, 0) + GAP * layers.length));
    root.replaceChildren(wave(), ...layers.map((layer, index) => block(layer, index, layers.length, widths[index], longest)));
    mark();
  };
  /**
   * @param {Layer} layer
   * @param {number} index
   * @param {number} count
   * @param {number} width
   * @param {number} longest
   */
  const block = (layer, index, count, width, longest) => {
    const height = LOWEST + (1 - LOWEST) * (Math.log(layer.length + 1) / longest);
    const name = layer.output ? 'the class probabilities' : `layer ${index}`;
    const steps = `${layer.length.toLocaleString('en')} step${layer.length === 1 ? '' : 's'}`;
    const kind = index === 0 ? ': simple, pitched, steady' : index >= count - 2 ? ', one for each class' : '';
    return makeButton({
      class: layer.output ? 'layer output' : 'layer',
      id: `${prefix}layer-${index}`,
      role: 'radio',
      'aria-label': `Layer ${index}: ${layer.channels} maps, ${steps}`,
      'data-hint': layer.output
        ? `Layer ${index}: how probable each of the ${layer.channels} classes is (log-softmax).`
        : `Layer ${index} hears the sound in ${steps}, through ${layer.channels} feature maps${kind}.`,
      title: `${name}: ${layer.channels} maps × ${steps}`,
      style: `flex-grow:${width}`,
    }, () => view.chooseLayer(index), make('i', { style: `--part:${height.toFixed(3)}` }), make('b', {}, layer.label));
  };
  const mark = () => {
    const taken = new Set(state.recipe.targets.map(([layer]) => layer));
    findAll(root, '.layer').forEach((button, index) => {
      const shown = index === view.layer;
      button.classList.toggle('taken', taken.has(index));
      button.setAttribute('aria-checked', String(shown));
      button.tabIndex = shown ? 0 : -1;
    });
  };
  root.addEventListener('keydown', event => walkRadios(event, root));
  state.watch(['dataset', 'architecture', 'seconds'], draw);
  state.watch(['targets'], mark);
  view.on('layer', mark);
}

function wave() {
  const drawing = icon('24 92', 'M0 46h3M5 38v16M9 22v48M13 6v80M17 26v40M21 38v16');
  drawing.setAttribute('preserveAspectRatio', 'none');
  return make('span', { class: 'input-wave', 'aria-hidden': 'true' }, drawing);
}
