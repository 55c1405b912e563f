// Figures 2 to 9 and tables 3 to 10, one feature at a time.

import { DATASETS } from '../lib/datasets.js';
import { kind, make, mark } from '../lib/make.js';
import { LayerFigure } from './layer-figure.js';

const FEATURES = {
  loudness: { title: 'Loudness', figures: [2, 3] },
  brightness: { title: 'Brightness', figures: [4, 5] },
  noisiness: { title: 'Noisiness', figures: [6, 7] },
  roughness: { title: 'Roughness', figures: [8, 9] },
};
const MODELS = { model1: 'Model1', model2: 'Model2' };

export function mount(section, { tables }, baseUrl) {
  const shown = new Set(Object.keys(DATASETS));
  /** @type {LayerFigure[]} */
  let drawn = [];
  const figures = section.querySelector('#figures');
  const features = section.querySelector('#feature-choice');
  const datasets = section.querySelector('#dataset-choice');
  for (const [name, { title }] of Object.entries(FEATURES)) {
    const button = make('button', { type: 'button', 'data-feature': name }, title);
    button.addEventListener('click', () => show(name));
    features.append(button);
  }
  for (const [name, { label, sign }] of Object.entries(DATASETS)) {
    const button = make('button', { type: 'button', class: `dataset ${name}`, 'aria-pressed': 'true' }, make('i', { class: 'sign', 'aria-hidden': 'true' }, sign), label);
    button.addEventListener('click', () => {
      if (!shown.delete(name)) shown.add(name);
      button.setAttribute('aria-pressed', String(shown.has(name)));
      hide();
    });
    datasets.append(button);
  }

  function hide() {
    for (const figure of drawn) figure.show(shown);
  }

  function show(name) {
    for (const button of features.children) button.setAttribute('aria-pressed', String(button.dataset.feature === name));
    for (const figure of drawn) figure.remove();
    drawn = FEATURES[name].figures.map(number => new LayerFigure(number, baseUrl, section.querySelector('#figure-told')));
    hide();
    figures.replaceChildren(...drawn.map(({ element }) => element));
    section.querySelector('#descriptions').replaceChildren(...Object.keys(MODELS).map(model => description(tables.filter(row => row.feature === name && row.architecture === model), MODELS[model])));
    section.dataset.feature = name;
  }
  show('loudness');
}

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

function described(row) {
  const measured = Object.entries(DATASETS).map(([name, { label, sign }]) => make('td', { class: `measured ${name}`, 'data-label': label },
    make('i', { class: 'sign', 'aria-hidden': 'true' }, sign),
    ...String(row[name] || '–').split(', ').map(part => make('span', {}, part))));
  const remarks = make('td', { class: `agreement ${kind(row.agreement)}` }, make('span', {}, mark(row.agreement), row.agreement, row.checks ? make('small', {}, `${row.true} of ${row.checks}`) : ''));
  if (row.differs) remarks.append(make('details', {}, make('summary', {}, 'What differs'), make('ul', {}, ...row.differs.split('; ').map(text => make('li', {}, text)))));
  return make('tr', {},
    make('th', { scope: 'row' }, String(row.layer)),
    make('td', { class: 'said' }, row.words, row.unmeasured ? make('small', {}, `Not measured: ${row.unmeasured}`) : ''),
    ...measured, remarks);
}
