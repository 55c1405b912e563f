// Every claim with its verdict; opened, its cases with numbers.

import { scrolling } from '../lib/announce.js';
import { find, make, makeButton } from '../lib/dom.js';
import { kind, mark, tidy } from './marks.js';

/** @typedef {import('./results.js').Verdict} Verdict */
/** @typedef {import('./results.js').Case} Case */

const VERDICTS = ['holds', 'in part', 'does not hold', 'not measurable'];
/** @type {Record<string, string>} */
const COUNTED = { 'holds': 'hold', 'in part': 'in part', 'does not hold': 'do not hold', 'not measurable': 'not measurable' };
/** @type {Record<string, string>} */
const FAMILIES = {
  L: 'How much the layer matters', O: 'The first layer', I: 'The second layer', D: 'Deeper layers', R: 'Roughness', T: 'The training sounds',
};

/**
 * @param {HTMLElement} section
 * @param {import('./results.js').Layers} results
 */
export function mount(section, { verdicts, cases, manifest }) {
  listClaims(find(section, '#score'), find(section, '#claims'), verdicts, cases, FAMILIES, 'Support: in how many of 1,000 resamples of the maps the case holds.');
  find(section, '#judged-on').textContent = judgedOn(manifest) + clear(verdicts);
}

/**
 * How many hold, a strip to jump from, and every claim to open.
 *
 * @param {HTMLElement} score
 * @param {HTMLElement} list
 * @param {Verdict[]} verdicts
 * @param {Case[]} cases
 * @param {Record<string, string>} families  titles by a claim's first letter
 * @param {string} support  what the share of resamples says
 */
export function listClaims(score, list, verdicts, cases, families, support) {
  const strip = make('div', { class: 'strip' });
  const lines = new Map();
  for (const row of verdicts) {
    const line = claim(row, cases.filter(one => one.claim === row.claim), support);
    lines.set(row.claim, line);
    strip.append(makeButton({ class: kind(row.verdict), title: `${row.words}: ${row.verdict}`, 'aria-label': `${row.claim}, ${row.verdict}` }, () => {
      line.open = true;
      line.scrollIntoView({ behavior: scrolling(), block: 'center' });
      find(line, 'summary').focus({ preventScroll: true });
    }, row.claim));
  }
  const counts = make('p', { class: 'counts' });
  for (const verdict of VERDICTS) {
    const number = verdicts.filter(row => row.verdict === verdict).length;
    if (number) counts.append(make('span', {}, mark(verdict), make('b', {}, String(number)), ` ${COUNTED[verdict]}`));
  }
  score.replaceChildren(counts, strip);
  let family = '';
  for (const [name, line] of lines) {
    if (name[0] !== family) {
      family = name[0];
      if (families[family]) list.append(make('h3', {}, families[family]));
    }
    list.append(line);
  }
}

/** @param {import('./results.js').Layers['manifest']} manifest */
function judgedOn({ sounds, sounds_judged: judged, slice_maps_left_out: slice, layers_judged_whole: whole }) {
  if (slice && judged === sounds) return `Judged on all ${sounds.toLocaleString('en')} sounds: there are too few yet beside those by which the settings were chosen.`;
  if (!slice) return `Judged on all ${sounds.toLocaleString('en')} sounds.`;
  const kept = whole?.length ? ` Where too few maps would be left (${whole.length > 4 ? `${whole.length} layers` : whole.join('; ')}), all are taken.` : '';
  return `Judged on ${judged.toLocaleString('en')} of ${sounds.toLocaleString('en')} sounds: the ${slice} maps of each layer by which the settings were chosen are left out.${kept}`;
}

/**
 * Which verdicts no resample of the maps would change.
 *
 * @param {Verdict[]} verdicts
 */
function clear(verdicts) {
  /** @param {string} verdict */
  const names = verdict => verdicts.filter(row => row.clear && row.verdict === verdict).map(row => row.claim).join(', ');
  const parts = [[' for ', names('holds')], [' against ', names('does not hold')]].filter(([, found]) => found);
  return parts.length ? ` Clear on these sounds:${parts.map(part => part.join('')).join(';')}. The others are close or mixed.` : '';
}

/**
 * @param {Verdict} row
 * @param {Case[]} cases
 * @param {string} support
 */
function claim(row, cases, support) {
  const known = row.cases > 0;
  const line = make('details', { class: 'claim', 'data-claim': row.claim },
    make('summary', {}, mark(row.verdict),
      make('span', { class: 'name' }, row.claim),
      make('span', { class: 'words' }, row.words),
      make('span', { class: 'verdict' }, row.verdict),
      make('span', { class: 'held' }, known ? `${row.held} of ${row.cases}` : '')));
  line.addEventListener('toggle', () => {
    if (line.open && !line.querySelector('.inside')) line.append(inside(row, cases, support));
  });
  return line;
}

/**
 * @param {Verdict} row
 * @param {Case[]} cases
 * @param {string} support
 */
function inside(row, cases, support) {
  const place = make('div', { class: 'inside' }, make('p', {}, 'Holds when: ', row.rule, '.'));
  if (row.reason) place.append(make('p', { class: 'aside' }, `Not measurable: ${row.reason}`));
  if (row.verdict_all_maps && row.verdict_all_maps !== row.verdict) place.append(make('p', { class: 'aside' }, `On all maps: ${row.verdict_all_maps}, ${row.held_all_maps} of ${row.cases || '–'}.`));
  if (!cases.length) return place;
  const body = make('tbody');
  let before = '';
  for (const one of cases) {
    const first = one.case !== before;
    before = one.case;
    body.append(make('tr', { class: first ? 'first' : '' },
      make('th', { scope: 'row' }, first ? mark(one.holds ? 'holds' : 'does not hold') : '', first ? one.case : ''),
      make('td', {}, one.what),
      make('td', { class: 'number' }, tidy(one.measured), make('small', {}, `${tidy(one.low)} … ${tidy(one.high)}`)),
      make('td', { class: one.true ? 'sign' : 'sign no' }, one.true ? one.sign : `not ${one.sign}`),
      make('td', { class: 'number' }, tidy(one.against), one.than ? make('small', {}, one.than) : ''),
      make('td', { class: 'number' }, first ? `${Math.round(one.support * 100)} %` : '')));
  }
  place.append(make('div', { class: 'wide', role: 'region', 'aria-label': `${row.claim} in numbers`, tabindex: '0' }, make('table', {},
    make('thead', {}, make('tr', {}, ...['Case', 'Measured', 'Value, 95 % interval', '', 'Against', 'Support'].map((title, column) => make('th', { scope: 'col', class: column === 2 || column > 3 ? 'number' : '' }, title)))),
    body)), make('p', { class: 'aside' }, support));
  return place;
}
