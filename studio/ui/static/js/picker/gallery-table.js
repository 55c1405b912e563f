// The gallery's table, fetched once for all tabs of the page that want it.

import { ask } from '../lib/ask.js';
import { Catalogue } from './catalogue.js';

/** @typedef {import('./catalogue.js').Table} Table */

/**
 * What there is of the gallery; `catalogue` is null where nothing is.
 *
 * @typedef {object} Gallery
 * @property {Table | Missing} table
 * @property {string} version
 * @property {Catalogue | null} catalogue
 *
 * @typedef {object} Missing
 * @property {string} missing  a sentence
 * @property {string} [build]  the command that makes it
 */

/** @type {Promise<Gallery> | null} */
let asked = null;

/**
 * @param {URL} baseUrl
 * @param {boolean} [again]  it may have grown
 */
export function readGallery(baseUrl, again = false) {
  if (again) asked = null;
  asked ||= read(baseUrl);
  return asked;
}

/**
 * @param {URL} baseUrl
 * @returns {Promise<Gallery>}
 */
async function read(baseUrl) {
  try {
    const answer = await ask(new URL('gallery.json', baseUrl));
    const version = (answer.headers.get('etag') || '').replace(/\W/g, '');
    const table = await answer.json();
    const there = !table.missing && table.groups.length > 0;
    return { table, version, catalogue: there ? new Catalogue(table) : null };
  } catch (error) {
    asked = null; // another time
    return { table: { missing: error instanceof Error ? error.message : String(error) }, version: '', catalogue: null };
  }
}
