// Figures 2 to 9 and tables 3 to 10, one feature at a time.

import { architectureLabel, DATASETS, signMark } from '../lib/datasets.js';
import { find, findAll, make, makeButton } from '../lib/dom.js';
import { LayerFigure } from './layer-figure.js';
import { kind, mark } from './marks.js';

/** @typedef {import('./results.js').Described} Described */

/** @type {Record<string, { title: string, figures: [number, number] }>} */
const FEATURES = {
  loudness: { title: 'Loudness', figures: [2, 3] },
  brightness: { title: 'Brightness', figures: [4, 5] },
  noisiness: { title: 'Noisiness', figures: [6, 7] },
  roughness: { title: 'Roughness', figures: [8, 9] },
};
const MODELS = ['model1', 'model2'];

/**
 * @param {HTMLElement} section
 * @param {import('./results.js').Layers} results
 * @param {import('./results.js').Given} given
 */
export function mount(section, { tables }, given) {
  const shown = new Set(Object.keys(DATASETS));
  /** @type {LayerFigure[]} */
  let drawn = [];
  const figures = find(section, '#figures');
  const features = find(section, '#feature-choice');
  const datasets = find(section, '#dataset-choice');
  for (const [name, { title }] of Object.entries(FEATURES)) {
    features.append(makeButton({ 'data-feature': name }, () => show(name), title));
  }
  for (const [name, { label }] of Object.entries(DATASETS)) {
    const button = makeButton({ class: `dataset ${name}`, 'aria-pressed': 'true' }, () => {
      if (!shown.delete(name)) shown.add(name);
      button.setAttribute('aria-pressed', String(shown.has(name)));
      hide();
    }, signMark(name), label);
    datasets.append(button);
  }

  function hide() {
    for (const figure of drawn) figure.show(shown);
  }

  /** @param {string} name */
  function show(name) {
    for (const button of findAll(features, 'button')) button.setAttribute('aria-pressed', String(button.dataset.feature === name));
    for (const figure of drawn) figure.remove();
    drawn = FEATURES[name].figures.map(number => new LayerFigure(number, given, find(section, '#figure-told')));
    hide();
    figures.replaceChildren(...drawn.map(({ element }) => element));
    find(section, '#descriptions').replaceChildren(...MODELS.map(model => description(tables.filter(row => row.feature === name && row.architecture === model), architectureLabel(model))));
    section.dataset.feature = name;
  }
  show('loudness');
}

/**
 * @param {Described[]} rows
 * @param {string} model
 */
function description(rows, model) {
  if (!rows.length) return make('div');
  const counts = ['agrees', 'in part', 'disagrees'].map(word => `${rows.filter(row => row.agreement === word).length} ${word === 'agrees' ? 'agree' : word === 'disagrees' ? 'disagree' : word}`).join(', ');
  const titles = ['Layer', 'The paper', ...Object.values(DATASETS).map(({ label }) => label), 'Here'];
  return make('div', { class: 'described' },
    make('h3', {}, `Table ${rows[0].table}: ${model}`, make('small', {}, counts)),
    make('table', {},
      make('thead', {}, make('tr', {}, ...titles.map(title => make('th', { scope: 'col' }, title)))),
      make('tbody', {}, ...rows.map(described))));
}

/** @param {Described} row */
function described(row) {
  const measured = Object.entries(DATASETS).map(([name, { label }]) => make('td', { class: `measured ${name}`, 'data-label': label },
    signMark(name),
    ...String(row[name] || '–').split(', ').map(part => make('span', {}, part))));
  const remarks = make('td', { class: `agreement ${kind(row.agreement)}` }, make('span', {}, mark(row.agreement), row.agreement, row.checks ? make('small', {}, `${row.true} of ${row.checks}`) : ''));
  if (row.differs) remarks.append(make('details', {}, make('summary', {}, 'What differs'), make('ul', {}, ...row.differs.split('; ').map(text => make('li', {}, text)))));
  return make('tr', {},
    make('th', { scope: 'row' }, String(row.layer)),
    make('td', { class: 'said' }, row.words, row.unmeasured ? make('small', {}, `Not measured: ${row.unmeasured}`) : ''),
    ...measured, remarks);
}
