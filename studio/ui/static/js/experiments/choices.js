// Which of the paper's open choices agrees with how many of its findings.

import { find, make } from '../lib/dom.js';
import { Figure } from './figure.js';
import { mark } from './marks.js';

/**
 * @param {HTMLElement} section
 * @param {import('./results.js').Sensitivity} results
 * @param {import('./results.js').Given} given
 */
export function mount(section, { claims, summary, manifest }, given) {
  find(section, '#choices-figure').replaceChildren(new Figure('figure-sensitivity', 'Findings by choice', given, { kind: 'wide-figure' }).element);
  const settings = summary.map(row => row.setting);
  const head = make('tr', {}, make('th', { scope: 'col' }, 'Finding'), ...settings.map(name => make('th', { scope: 'col' }, name, name === manifest.taken ? make('small', {}, 'taken') : '')));
  /**
   * @param {string} title
   * @param {(row: typeof summary[number]) => string | number} value
   */
  const total = (title, value) => make('tr', { class: 'total' }, make('th', { scope: 'row' }, title), ...summary.map(row => make('td', {}, make('b', {}, String(value(row))))));
  const rows = claims.map(row => make('tr', {},
    make('th', { scope: 'row', title: row.words }, make('span', { class: 'name' }, row.claim), make('span', { class: 'words' }, row.words)),
    ...settings.map(name => make('td', { title: row[name] }, mark(row[name]), make('span', { class: 'unseen' }, row[name]), make('small', {}, row[`${name}: cases`])))));
  find(section, '#choices-table').replaceChildren(make('table', { class: 'choices' },
    make('thead', {}, head),
    make('tbody', {}, total('hold', row => row.holds), total('in part', row => row.in_part), total('cases true', row => `${row.cases_held} of ${row.cases}`), ...rows)));
  const missing = manifest.missing?.length ? ` Not dreamed yet: ${manifest.missing.join(', ')}.` : '';
  find(section, '#choices-note').textContent = `${manifest.maps} maps of every layer, ${manifest.sounds_per_setting} sounds per setting. One choice differs at a time.${manifest.taken ? ` The first experiment takes: ${manifest.taken}.` : ''}${missing}`;
}
