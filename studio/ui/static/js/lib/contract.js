// What the page knows of the studio: recipe, limits, constants. Python makes it from its dataclasses
// (see `studio.ui.contract`) and puts it into the page's head; nothing of it is typed a second time.

import { layersIn } from './architecture.js';
import { format } from './numbers.js';

/** @typedef {import('./types.js').Contract} Contract */
/** @typedef {import('./types.js').Field} Field */

/** @returns {Contract} */
function read() {
  const text = document.getElementById('studio-contract')?.textContent;
  if (!text) throw new Error('the page has no contract');
  return JSON.parse(text);
}

export const contract = read();

/** Of every sound here, in Hz. */
export const SAMPLE_RATE = contract.sample_rate;

/**
 * The strides of a network's layers; one of one's own says them in its name, like net-85x49-43x25.
 *
 * @param {string} architecture
 * @returns {number[]}
 */
export function stridesOf(architecture) {
  const convolutions = contract.architectures[architecture]?.convolutions ?? layersIn(architecture);
  return convolutions.map(([, stride]) => stride);
}

/**
 * What goes back into a control that is reset: the paper's value, or the default where it is silent.
 *
 * @param {Field} field
 */
export const paperValue = field => field.paper ?? field.default;

/**
 * What is wrong with a value of a field, as a sentence; '' where nothing is.
 *
 * @param {Field} field
 * @param {unknown} value
 */
export function problemOf(field, value) {
  const { kind, label, choices, minimum, maximum, odd, unit } = field;
  if (kind === 'choice') return choices.includes(value) ? '' : `${label} must be one of ${choices.join(', ')}.`;
  if (kind === 'switch') return typeof value === 'boolean' ? '' : `${label} must be on or off.`;
  if (kind === 'name') return typeof value === 'string' && value ? '' : `${label} must be a name.`;
  if (kind !== 'number' && kind !== 'integer') return '';
  const whole = kind === 'integer';
  const [least, most] = [minimum ?? -Infinity, maximum ?? Infinity];
  const fits = typeof value === 'number' && value >= least && value <= most
    && (!whole || Number.isInteger(value)) && (!odd || value % 2 === 1);
  if (fits) return '';
  const sort = odd ? 'an odd whole number' : whole ? 'a whole number' : 'a number';
  return `${label} must be ${sort} between ${format(least)} and ${format(most)}${unit ? ` ${unit}` : ''}.`;
}
