// What lies across, what lies up, what the colours mean.

import { bus } from '../lib/bus.js';
import { finder, make } from '../lib/dom.js';
import { axis, axisChoices, colourChoices, colouring, LIKENESS } from './places.js';

/** @typedef {import('./places.js').Choice} Choice */

/**
 * @param {HTMLElement} root
 * @param {import('../picker/catalogue.js').Catalogue} catalogue
 * @param {import('./map.js').SoundMap} map
 * @param {AbortSignal} signal
 */
export function mountArrangement(root, catalogue, map, signal) {
  const byId = finder(root);
  const [across, up, colours] = ['axis-x', 'axis-y', 'colour-by'].map(id => byId(id, HTMLSelectElement));
  fill(across, axisChoices(catalogue));
  fill(up, axisChoices(catalogue));
  fill(colours, colourChoices(catalogue));

  const arrange = () => map.arrange(axis(catalogue, across.value, 'x'), axis(catalogue, up.value, 'y'));
  /**
   * Likeness has no sides of its own: it takes both, or neither.
   *
   * @param {HTMLSelectElement} one
   * @param {HTMLSelectElement} other
   */
  const changed = (one, other) => {
    if (one.value === LIKENESS) other.value = LIKENESS;
    else if (other.value === LIKENESS) other.value = one.value === 'brightness_mean' ? 'noisiness_mean' : 'brightness_mean';
    arrange();
  };
  across.addEventListener('change', () => changed(across, up));
  up.addEventListener('change', () => changed(up, across));

  const paint = () => {
    const painted = colouring(catalogue, colours.value);
    map.paint(painted);
    drawLegend(byId('legend'), painted);
  };
  colours.addEventListener('change', paint);
  bus.on('theme', paint, { signal });
  paint();
  arrange();
}

/**
 * @param {HTMLSelectElement} select
 * @param {Choice[]} choices
 */
function fill(select, choices) {
  select.replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
}

/**
 * @param {HTMLElement} box
 * @param {import('./places.js').Colouring} colouring
 */
function drawLegend(box, { shapes, kinds = [], ramp }) {
  box.replaceChildren(
    ...shapes.map(({ sign, text, tint }) => item(sign, text, tint)),
    ...kinds.map(({ text, tint }) => item('●', text, tint)),
  );
  if (!ramp) return;
  const bar = make('i', { style: `background:linear-gradient(90deg, ${ramp.palette.join(', ')})` });
  box.append(make('span', { class: 'scale', title: ramp.title }, ramp.ends[0], bar, ramp.ends[1]));
}

/**
 * @param {string} sign
 * @param {string} text
 * @param {string} tint
 */
const item = (sign, text, tint) => make('span', {}, make('i', { style: `color:${tint}` }, sign), text);
