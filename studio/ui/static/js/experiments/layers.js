// Figures 2 to 9 and tables 3 to 10, one feature at a time.

import { DATASETS } from '../lib/datasets.js';
import { kind, make, mark, tidy } from '../lib/make.js';

const FEATURES = {
  loudness: { title: 'Loudness', figures: [2, 3] },
  brightness: { title: 'Brightness', figures: [4, 5] },
  noisiness: { title: 'Noisiness', figures: [6, 7] },
  roughness: { title: 'Roughness', figures: [8, 9] },
};
const MODELS = { model1: 'Model1', model2: 'Model2' };

export async function mount(section, { tables }, baseUrl) {
  const shown = new Set(Object.keys(DATASETS));
  let feature = 'loudness';
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
    for (const part of figures.querySelectorAll('[data-name]')) part.toggleAttribute('data-off', !shown.has(part.dataset.name));
  }

  async function show(name) {
    feature = name;
    for (const button of features.children) button.setAttribute('aria-pressed', String(button.dataset.feature === name));
    const drawn = await Promise.all(FEATURES[name].figures.map(number => figure(number, baseUrl, section)));
    if (feature !== name) return;  // Another was chosen meanwhile.
    figures.replaceChildren(...drawn);
    hide();
    section.querySelector('#descriptions').replaceChildren(...Object.keys(MODELS).map(model => description(tables.filter(row => row.feature === name && row.architecture === model), MODELS[model])));
    section.dataset.feature = name;
  }
  await show(feature);
}

async function figure(number, baseUrl, section) {
  const address = new URL(`experiments/layers/figure-${number}.svg`, baseUrl);
  const place = make('figure', { class: 'layer-figure', tabindex: '0', id: `figure-${number}` });
  const answer = await fetch(address);
  if (!answer.ok) {
    place.append(make('figcaption', {}, `Figure ${number} is not drawn yet.`));
    return place;
  }
  place.innerHTML = await answer.text();
  const reading = make('output', { class: 'reading' }, 'Point at a layer to read it.');
  place.append(make('figcaption', {}, make('b', {}, `Figure ${number}`), reading, make('a', { href: address.href, download: '' }, 'SVG')));
  follow(place, reading, section.querySelector('#figure-told'));
  return place;
}

// A line follows pointer or arrow keys from layer to layer; the values stand below.
function follow(place, reading, told) {
  const drawing = place.querySelector('svg');
  const positions = [...new Set([...drawing.querySelectorAll('.point')].map(point => Number(point.dataset.x)))].sort((a, b) => a - b);
  const [left, right] = [Number(drawing.dataset.left), Number(drawing.dataset.right)];
  const bottom = drawing.viewBox.baseVal.height - 46;
  const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  cursor.setAttribute('class', 'cursor');
  drawing.querySelector('.series')?.before(cursor);
  let at = -1;

  function put(index) {
    if (index === at || !positions.length) return;
    at = index;
    const layer = positions[index];
    const x = left + (right - left) * (positions.length > 1 ? (layer - positions[0]) / (positions.at(-1) - positions[0]) : 0);
    cursor.setAttribute('d', `M${x} 40V${bottom}`);
    const values = [...drawing.querySelectorAll('.series:not([data-off])')].flatMap(series => {
      const point = [...series.querySelectorAll('.point')].find(one => Number(one.dataset.x) === layer);
      return point ? [[series.dataset.name, point.dataset]] : [];
    });
    reading.replaceChildren(`Layer ${layer}`, ...values.map(([name, { mean, sd, count }]) => make('span', { class: name, title: `${count} maps` },
      make('i', { class: 'sign', 'aria-label': DATASETS[name].label }, DATASETS[name].sign), `${tidy(Number(mean))} ± ${tidy(Number(sd))}`)));
  }

  drawing.addEventListener('pointermove', event => {
    const box = drawing.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * drawing.viewBox.baseVal.width;
    const part = (x - left) / ((right - left) || 1);
    const wanted = positions[0] + part * (positions.at(-1) - positions[0]);
    put(positions.reduce((best, value, index) => (Math.abs(value - wanted) < Math.abs(positions[best] - wanted) ? index : best), 0));
  });
  place.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    put(Math.min(positions.length - 1, Math.max(0, at + step)));
    told.textContent = reading.textContent;
  });
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
