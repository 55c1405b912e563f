// What is said where the gallery, or a part of it, is not there.

import { finder, make } from '../lib/dom.js';

/** @typedef {import('../picker/gallery-table.js').Missing} Missing */
/** @typedef {import('../picker/catalogue.js').Table} Table */

/**
 * @param {HTMLElement} root
 * @param {Missing | Table} table
 */
export function sayMissing(root, table) {
  root.classList.add('nothing');
  const empty = finder(root)('gallery-empty');
  empty.hidden = false;
  empty.append(make('p', {}, 'missing' in table ? table.missing : 'The gallery is empty.'));
  if (!table.build) return;
  empty.append(make('p', {},
    'This makes it, one sound for every feature map of every model, and can be stopped and taken up at any time:', make('code', {}, table.build)));
}

/**
 * @param {HTMLElement} root
 * @param {Missing | Table} table
 */
export function sayPartial(root, table) {
  if (!('made' in table) || table.made >= table.expected) return;
  const notice = finder(root)('gallery-notice');
  notice.hidden = false;
  notice.append(`${table.made.toLocaleString('en')} of ${table.expected.toLocaleString('en')} sounds are here. `, make('code', {}, table.build), ' makes the rest.');
}
