// Hand a recording to the studio.

import { askJson } from './ask.js';
import { problemOfRecording, secondsOf } from './length.js';

/**
 * Hand the studio a recording; resolves to what it says of it.
 *
 * @param {URL} baseUrl
 * @param {Blob} blob
 * @param {string} name
 * @returns {Promise<import('./types.js').Recording>}
 * @throws {Error} where it is too long or too large; nothing is sent then
 */
export async function upload(baseUrl, blob, name) {
  const problem = problemOfRecording(name, blob.size, await secondsOf(blob));
  if (problem) throw new Error(problem);
  const headers = { 'x-file-name': encodeURIComponent(name), 'content-type': 'application/octet-stream' };
  return askJson(new URL('uploads', baseUrl), { method: 'POST', headers, body: blob });
}
