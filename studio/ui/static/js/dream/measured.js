// What the sound that is shown measured, in one line beside the faders.

import { contract } from '../lib/contract.js';
import { percent } from '../lib/numbers.js';
import { measureOf } from '../picker/targets.js';

/** @typedef {import('../lib/types.js').Measured} Measured */

/** @param {number} share */
const part = share => (share > 0 && share < 0.01 ? 'under 1 %' : percent(share));

/**
 * What is said of a sound that sounds too little of its time, and whether an even texture would
 * change that; null where there is nothing to say.
 *
 * @param {import('../lib/types.js').KeptSound['recipe']} recipe
 * @param {Measured} [measured]  missing in takes of older studios
 */
export function uneven({ texture = 'peaked', targets }, measured) {
  if (!measured || measured.loudness_lufs === null || measured.active_share >= contract.page.least_active) return null;
  const again = texture === 'peaked' && targets.some(target => measureOf(target) !== 'activation');
  const though = texture === 'peaked' ? '' : ', though its texture is even';
  return { words: `It sounds ${part(measured.active_share)} of the time only${though}.`, again };
}

/**
 * @param {Measured} measured
 * @returns {string}
 */
export function measuredWords({ active_share: active, below_20_hz: low, above_4_khz: high, loudness_lufs: lufs, seam_db: seam }) {
  /** @param {number} value */
  const signed = value => value.toFixed(1).replace('-', '−');
  if (lufs === null) return 'Silent.';
  return [
    `Sounds ${part(active)} of the time`,
    `${signed(lufs)} LUFS`,
    `${part(high)} above 4 kHz`,
    `${part(low)} below 20 Hz`,
    ...(seam === null || seam === undefined ? [] : [`seam ${signed(seam)} dB`]),
  ].join(' · ');
}
