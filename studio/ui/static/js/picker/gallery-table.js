// The gallery's table, fetched once for all tabs of the page that want it.

import { ask } from '../lib/toast.js';
import { Catalogue } from './catalogue.js';

let asked = null;

// Resolves to { table, version, catalogue }; without a gallery, `catalogue` is null.
export function readGallery(baseUrl) {
  asked ||= read(baseUrl);
  return asked;
}

async function read(baseUrl) {
  try {
    const answer = await ask(new URL('gallery.json', baseUrl));
    const version = (answer.headers.get('etag') || '').replace(/\W/g, '');
    const table = await answer.json();
    const there = !table.missing && table.groups.length > 0;
    return { table, version, catalogue: there ? new Catalogue(table) : null };
  } catch (error) {
    asked = null; // another time
    return { table: { missing: error.message }, version: '', catalogue: null };
  }
}
