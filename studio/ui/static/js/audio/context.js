// The page's one AudioContext: everything it plays runs through it, at the page's volume.

import { SAMPLE_RATE } from '../lib/contract.js';
import { followVolume, gainOf } from './volume.js';

const SETTLE_SECONDS = 0.01; // of a change of volume, too short to hear and long enough not to click

/** @type {AudioContext | null} */
let context = null;
/** @type {GainNode | null} */
let volume = null;

/**
 * The context, made when it is first wanted. Until the first gesture, browsers keep it suspended.
 *
 * @returns {AudioContext}
 */
export function audio() {
  if (context) return context;
  const made = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  const gain = made.createGain();
  gain.connect(made.destination);
  followVolume(value => glide(gain, gainOf(value)));
  [context, volume] = [made, gain];
  return made;
}

/**
 * Where sounds are sent to be heard at the page's volume.
 *
 * @returns {GainNode}
 */
export function speakers() {
  audio();
  return /** @type {GainNode} */ (volume);
}

/**
 * Bring a gain to a value without a click.
 *
 * @param {GainNode} node
 * @param {number} value
 */
export function glide(node, value) {
  node.gain.setTargetAtTime(value, node.context.currentTime, SETTLE_SECONDS);
}

/** Whether sound can be heard: a gesture was made, and there is something to play on. */
export const unlocked = () => context?.state === 'running';

/**
 * Browsers allow sound only from a gesture on: call this in every click that may lead to one.
 *
 * @returns {Promise<void>}
 */
export const unlock = () => (unlocked() ? Promise.resolve() : audio().resume());

/**
 * As `unlock`, with an error where there is no sound after a while: then `resume` never settles.
 *
 * @param {number} [patienceMs]
 */
export async function unlockOrSay(patienceMs = 2000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('This browser has no sound output. Connect a loudspeaker or headphones, check the system’s sound settings, then press Start once more.')), patienceMs);
  });
  try {
    await Promise.race([unlock(), late]);
  } finally {
    clearTimeout(timer);
  }
}
