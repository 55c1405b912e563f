// What the sound that is shown measured, in one line beside the faders.

import { percent } from '../lib/numbers.js';

/** @typedef {import('../lib/types.js').Measured} Measured */

/**
 * @param {Measured} measured
 * @returns {string}
 */
export function measuredWords({ active_share: active, below_20_hz: low, above_4_khz: high, loudness_lufs: lufs, seam_db: seam }) {
  /** @param {number} share */
  const part = share => (share > 0 && share < 0.01 ? 'under 1 %' : percent(share));
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
