// What a model takes for what: a matrix of dots, the strongest mistakes in words, every class.

import { askJson } from '../lib/ask.js';
import { find, findAll, finder, make, makeButton } from '../lib/dom.js';
import { percent } from '../lib/numbers.js';
import { complain } from '../lib/toast.js';
import { Matrix } from './matrix.js';

const LISTED = 20;

/** @typedef {import('./inside.js').Inside} Inside */
/** @typedef {import('./inside.js').ModelReport} ModelReport */
/** @typedef {import('./voices.js').Voices} Voices */
/** @typedef {[own: number, answer: number, times: number]} Entry  of the class `own`, so many were taken for `answer` */
/** @typedef {{ missing: string, command: string }} NotMeasured */

/**
 * What `studio/inside/MODEL/confusion.json` tells.
 *
 * @typedef {object} Confusion
 * @property {number} clips
 * @property {number} accuracy
 * @property {number[]} order  of the classes, those that are mixed up side by side
 * @property {Entry[]} entries
 * @property {Entry[]} mistakes  the most frequent first
 */

/** @typedef {{ own: number, answer: number, times: number, share: number }} Mistake */

/**
 * By class.
 *
 * @typedef {object} Counts
 * @property {number[]} totals
 * @property {number[]} right
 * @property {(Mistake | undefined)[]} worst  the most frequent mistake
 */

/** @typedef {Omit<Confusion, 'mistakes'> & Counts & { mistakes: Mistake[] }} Digest */

/**
 * @param {HTMLElement} root
 * @param {Inside} inside
 * @param {URL} baseUrl
 * @param {Voices} voices
 * @param {AbortSignal} signal
 */
export function mountMixups(root, inside, baseUrl, voices, signal) {
  const byId = finder(root);
  const matrix = new Matrix(byId('matrix', HTMLCanvasElement), byId('matrix-reading'), inside, signal);
  /** @type {Map<string, Digest | NotMeasured>} */
  const kept = new Map();
  const show = async () => {
    const { model } = inside;
    let found = kept.get(model.name);
    try {
      found ??= digest(await askJson(new URL(`inside/${model.name}/confusion.json`, baseUrl)), model);
    } catch (error) {
      complain(error);
      return;
    }
    kept.set(model.name, found);
    if (model !== inside.model) return;
    const missing = 'missing' in found;
    byId('inside-mixups').classList.toggle('missing', missing);
    byId('mixups-told').replaceChildren(...('missing' in found
      ? ['This was not measured for this model. With the recordings at hand, ', make('code', {}, found.command), ' does it.']
      : [`${found.clips.toLocaleString('en')} test recordings, one second of each: accuracy ${percent(found.accuracy)}. A dot off the diagonal is an error. Classes that are often confused stand next to each other.`]));
    const measured = 'missing' in found ? null : found;
    matrix.show(measured);
    byId('mistakes').replaceChildren(...(measured?.mistakes || []).slice(0, LISTED).map(mistake => mistaken(mistake, model, voices)));
    listClasses(root, inside, voices, measured);
  };
  mountSearch(root);
  inside.watchModel(show);
  return matrix;
}

/**
 * Counts by class, and the most frequent mistake of each.
 *
 * @param {Confusion | NotMeasured} found
 * @param {Pick<ModelReport, 'classes'>} model
 * @returns {Digest | NotMeasured}
 */
export function digest(found, model) {
  if ('missing' in found) return found;
  const totals = model.classes.map(() => 0);
  const right = model.classes.map(() => 0);
  for (const [own, answer, times] of found.entries) {
    totals[own] += times;
    if (own === answer) right[own] = times;
  }
  const mistakes = found.mistakes.map(([own, answer, times]) => ({ own, answer, times, share: times / totals[own] }));
  const worst = model.classes.map((_, own) => mistakes.find(mistake => mistake.own === own));
  return { ...found, totals, right, worst, mistakes };
}

/**
 * @param {Mistake} mistake
 * @param {ModelReport} model
 * @param {Voices} voices
 */
function mistaken({ own, answer, times, share }, model, voices) {
  const layer = model.channels.length - 1;
  /** @param {number} map */
  const named = map => make('span', { class: 'named' }, voices.button(model, layer, map, model.classes[map]), make('b', {}, model.classes[map]));
  return make('li', {}, named(own), make('span', { class: 'taken-for' }, 'taken for'), named(answer),
    make('span', { class: 'times', title: percent(share) }, `${times} of ${Math.round(times / share)}`));
}

/**
 * @param {HTMLElement} root
 * @param {Inside} inside
 * @param {Voices} voices
 * @param {Digest | null} found
 */
function listClasses(root, inside, voices, found) {
  const { model, layers } = inside;
  const byId = finder(root);
  byId('class-list').replaceChildren(...model.classes.map((name, map) => {
    const open = makeButton({ class: 'act', 'aria-label': `Open ${name} in Dream` }, () => voices.open(model, layers - 1, map), 'Dream it');
    return make('li', { 'data-name': name.toLowerCase() },
      voices.button(model, layers - 1, map, name),
      make('span', { class: 'words' }, make('b', {}, name), make('span', { class: 'told' }, found && tellClass(found, map, model))), open);
  }));
  byId('class-search').dispatchEvent(new Event('input'));
}

/**
 * @param {Digest} found
 * @param {number} map
 * @param {ModelReport} model
 */
function tellClass({ totals, right, worst }, map, model) {
  const mistake = worst[map];
  const told = totals[map] ? `found ${right[map]} of ${totals[map]}` : 'not tested';
  return mistake ? `${told}, else ${mistake.times > 1 ? 'mostly ' : ''}${model.classes[mistake.answer]}` : told;
}

/** @param {HTMLElement} root */
function mountSearch(root) {
  const byId = finder(root);
  const search = byId('class-search', HTMLInputElement);
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    let [shown, heard] = [0, 0];
    const items = findAll(byId('class-list'), 'li');
    for (const item of items) {
      item.hidden = !item.dataset.name?.includes(wanted);
      shown += item.hidden ? 0 : 1;
      heard += find(item, '.unit-listen', HTMLButtonElement).disabled ? 0 : 1;
    }
    const dreamed = heard < items.length ? `; ${heard} of ${items.length} are dreamed so far` : '';
    byId('class-count').textContent = wanted ? `${shown} of ${items.length} classes` : `${items.length} classes${dreamed}`;
  });
}
