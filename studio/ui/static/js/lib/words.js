// Words as people read them.

import { contract } from './contract.js';

/** @typedef {import('./types.js').Recordings} Recordings */

/** @param {string} text */
export const capital = text => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A recording's name without its fingerprint.
 *
 * @param {string} name
 */
export const plainName = name => name.replace(/ \(sha256.*/, '');

export const BUILT_IN = contract.recipe.built_in_sounds;
export const NO_GUIDE = contract.recipe.no_guide;

/**
 * Whether a recipe's name for a sound is that of someone's recording.
 *
 * @param {string} name
 */
export const isRecording = name => name !== NO_GUIDE && !BUILT_IN.includes(name);

/**
 * Which recordings a recipe names that have to be chosen again, as half a sentence; '' where none has.
 *
 * @param {{ initial: string, guide?: string }} recipe
 * @param {Recordings} [here]  the recordings that are at hand
 */
export function recordingsOf({ initial, guide = NO_GUIDE }, here = {}) {
  const parts = [];
  if (!here.recording && isRecording(initial)) parts.push(`it started from ${plainName(initial)}`);
  if (!here.guide && isRecording(guide)) parts.push(`its guide was ${plainName(guide)}`);
  const again = parts.length > 1 ? 'those recordings' : 'that recording';
  return parts.length ? `${capital(parts.join(' and '))}: choose ${again} again to make the same sound.` : '';
}
