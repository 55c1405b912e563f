// The marks of verdicts, and numbers as the tables show them.

import { make } from '../lib/dom.js';

// Shape and word both tell, so that colour need not.
/** @type {Record<string, [sign: string, kind: string]>} */
const MARKS = {
  'holds': ['●', 'yes'], 'agrees': ['●', 'yes'],
  'in part': ['◐', 'part'],
  'does not hold': ['○', 'no'], 'disagrees': ['○', 'no'],
};

/** @param {string} verdict */
const marked = verdict => MARKS[verdict] || ['–', 'unknown'];

/** @param {string} verdict */
export const kind = verdict => marked(verdict)[1];

/** @param {string} verdict */
export function mark(verdict) {
  const [sign, name] = marked(verdict);
  return make('i', { class: `mark ${name}`, 'aria-hidden': 'true' }, sign);
}

/**
 * A number with no more digits than it takes, a dash for none.
 *
 * @param {number | null | undefined} value
 */
export function tidy(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1).replace('e-', '·10⁻').replace(/⁻(\d+)$/, (_, digits) => `⁻${[...digits].map(digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`).replace('-', '−');
  const digits = size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : size >= 0.01 ? 3 : 4;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '−');
}
