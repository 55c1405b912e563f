// What a recording is too large or too long for, told before it is sent.

import { contract } from './contract.js';
import { minutes } from './numbers.js';

const { upload_bytes: MOST_BYTES, recording_seconds: MOST_SECONDS } = contract.limits;
const SLACK_SECONDS = 0.5;
const GUESSED = /\.(mp3|aac)$/i; // browsers may guess these lengths, by their first moments

/**
 * How long a recording lasts, in seconds, as far as the browser can tell; else NaN.
 *
 * @param {Blob} blob
 * @param {number} [patienceMs]
 * @returns {Promise<number>}
 */
export function secondsOf(blob, patienceMs = 3000) {
  const element = new Audio();
  const url = URL.createObjectURL(blob);
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      resolve(Number.isFinite(element.duration) ? element.duration : NaN);
      element.removeAttribute('src');
      URL.revokeObjectURL(url);
    };
    const timer = setTimeout(end, patienceMs);
    for (const event of ['loadedmetadata', 'error']) element.addEventListener(event, end, { once: true });
    element.preload = 'metadata';
    element.src = url;
  });
}

/**
 * Why a recording cannot be taken, as a sentence; '' where it can, or where only the studio knows.
 *
 * @param {string} name
 * @param {number} bytes
 * @param {number} seconds  NaN where that is not known
 */
export function problemOfRecording(name, bytes, seconds) {
  if (bytes > MOST_BYTES) return `“${name}” is larger than ${MOST_BYTES >> 20} MB. Cut out the part you want, or save it as FLAC.`;
  const most = GUESSED.test(name) ? 2 * MOST_SECONDS : MOST_SECONDS + SLACK_SECONDS;
  if (!(seconds > most)) return '';
  return `“${name}” lasts ${minutes(seconds)}; ${MOST_SECONDS / 60} minutes are the most. Cut out the part you want.`;
}
