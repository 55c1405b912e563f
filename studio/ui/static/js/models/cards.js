// The six models: how well they do beside the paper's, how they learned, from what.

import { DATASETS, datasetLabel } from '../lib/datasets.js';
import { make } from '../lib/make.js';
import { percent } from './inside.js';

const WIDTH = 240;
const HEIGHT = 66;

export function mountCards(section, inside) {
  const box = section.querySelector('#model-cards');
  // As in the paper's Table 2: one network after the other, the datasets side by side.
  const rows = [...inside.models].sort((a, b) => a.architecture.localeCompare(b.architecture) || order(a) - order(b));
  box.replaceChildren(...rows.map(model => card(model)));
  box.addEventListener('click', event => {
    const head = event.target.closest('.model-head');
    if (head) inside.choose(head.dataset.name);
  });
  inside.watch('model', () => {
    for (const head of box.querySelectorAll('.model-head')) {
      const chosen = head.dataset.name === inside.model.name;
      head.setAttribute('aria-pressed', String(chosen));
      head.closest('.model-card').classList.toggle('looked-into', chosen);
    }
  });
}

function order({ dataset }) {
  const known = Object.keys(DATASETS).indexOf(dataset);
  return known < 0 ? 99 : known;
}

function card(model) {
  const { data, dataset } = model;
  const head = make('button', { type: 'button', 'data-name': model.name, class: 'model-head' },
    make('i', { class: 'sign', 'aria-hidden': 'true' }, DATASETS[dataset]?.sign || '◆'), `${datasetLabel(dataset)} · ${model.label}`);
  const told = make('p', { class: 'learned' });
  told.append(data.stand_in ? make('b', {}, 'Not the paper’s recordings. ') : '', data.title || 'What it learned from is not noted.');
  return make('div', { class: `model-card ${dataset}` }, head, told, accuracy(model), curve(model), facts(model));
}

// One bar from 0 to 100 %, with the paper's mark, what was learned by heart, and chance.
function accuracy(model) {
  const tests = Object.values(model.test || {});
  const [middle, five] = tests;
  const paper = model.paper?.test_accuracy;
  const words = make('p', { class: 'right' });
  if (middle) {
    words.append(make('b', {}, percent(middle.accuracy)), ' right',
      paper ? make('span', {}, `the paper’s ${percent(paper)}`) : '');
  } else words.append('Not tested yet.');
  const bar = make('div', { class: 'accuracy', 'aria-hidden': 'true' });
  const place = (kind, share) => Number.isFinite(share) && bar.append(make('i', { class: kind, style: `--at:${(100 * share).toFixed(2)}%` }));
  place('learned-by-heart', model.train_accuracy ?? NaN);
  place('found', middle?.accuracy ?? NaN);
  place('chance', model.chance);
  place('paper', paper ?? NaN);
  const more = make('p', { class: 'aside' });
  const told = [
    Number.isFinite(model.train_accuracy) && `${percent(model.train_accuracy)} of the recordings it learned from`,
    five && `${percent(five.accuracy)} with five seconds to listen`,
    `${percent(model.chance, 1)} by guessing`,
  ].filter(Boolean);
  more.textContent = `${told.join(' · ')}.`;
  return make('div', {}, words, bar, more);
}

// Round by round: how often it was right, about what it learned from and about what it did not.
function curve({ curve: { train, test }, epochs }) {
  if (!train.length) return '';
  const last = Math.max(epochs || 1, train.at(-1)[0]);
  const at = ([epoch, share]) => `${((epoch / last) * WIDTH).toFixed(1)} ${(HEIGHT - 1 - share * (HEIGHT - 3)).toFixed(1)}`;
  const end = points => percent(points.at(-1)[1]);
  const words = `Learning over ${last} rounds: right about ${end(train)} of the recordings it learned from${test.length ? ` and ${end(test)} of new ones` : ''} at the end.`;
  const box = make('figure', { class: 'learning' });
  box.innerHTML = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img"><title></title>
    <path class="ground" d="M0 ${HEIGHT - 0.5}H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 1H${WIDTH}"/>
    <path class="train" d="M${train.map(at).join('L')}"/>${test.length ? `<path class="test" d="M${test.map(at).join('L')}"/>` : ''}</svg>`;
  box.querySelector('title').textContent = words;
  box.append(make('figcaption', { 'aria-hidden': 'true' }, make('span', {}, 'first round'), make('span', {}, `after ${last} rounds`)));
  return box;
}

function facts(model) {
  const { data } = model;
  const row = (term, text) => (text ? [make('dt', {}, term), make('dd', {}, String(text))] : []);
  const brief = make('dl', {}, ...row('Classes', model.classes.length), ...row('Size', model.parameters && `${model.parameters.toLocaleString('en')} numbers, ${model.channels.length} layers`), ...row('Licence', data.licence));
  const more = make('dl', {}, ...row('Sounds', data.sources), ...row('Length', data.hours && `${data.hours} hours`), ...row('Credit', data.credit), ...row('Limits', data.limits), ...row('The paper', model.paper?.data), ...row('Trained', model.epochs && `${model.epochs} of ${model.epochs_planned} rounds (epochs)`));
  return make('div', {}, brief, more.children.length ? make('details', {}, make('summary', {}, 'More about the recordings'), more) : '');
}

// The same choice, small, to have at hand further down.
export function mountLooking(box, inside) {
  const choice = box.querySelector('#looking-choice');
  choice.replaceChildren(...inside.models.map(({ name, dataset, label }) => {
    const button = make('button', { type: 'button', class: `dataset ${dataset}`, 'data-name': name, 'aria-label': `${datasetLabel(dataset)}, ${label}` },
      make('i', { class: 'sign', 'aria-hidden': 'true' }, DATASETS[dataset]?.sign || '◆'), make('span', {}, datasetLabel(dataset)), make('small', {}, label.replace('Model', '')));
    button.addEventListener('click', () => inside.choose(name));
    return button;
  }));
  inside.watch('model', () => {
    for (const button of choice.children) button.setAttribute('aria-pressed', String(button.dataset.name === inside.model.name));
  });
}
