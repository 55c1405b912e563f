// The six models: how well they do beside the paper's, how they learned, from what.

import { DATASETS, datasetLabel, signMark } from '../lib/datasets.js';
import { closest, find, findAll, make, makeButton, makeSvg } from '../lib/dom.js';
import { percent } from '../lib/numbers.js';

const WIDTH = 240;
const HEIGHT = 66;

/** @typedef {import('./inside.js').Inside} Inside */
/** @typedef {import('./inside.js').ModelReport} ModelReport */

/**
 * @param {HTMLElement} section
 * @param {Inside} inside
 */
export function mountCards(section, inside) {
  const box = find(section, '#model-cards');
  // As in the paper's Table 2: one network after the other, the datasets side by side.
  const rows = [...inside.models].sort((a, b) => a.architecture.localeCompare(b.architecture) || order(a) - order(b));
  box.replaceChildren(...rows.map(model => card(model)));
  box.addEventListener('click', event => {
    const head = closest(event, '.model-head');
    if (head) inside.choose(head.dataset.name);
  });
  inside.watchModel(() => {
    for (const head of findAll(box, '.model-head')) {
      const chosen = head.dataset.name === inside.model.name;
      head.setAttribute('aria-pressed', String(chosen));
      head.closest('.model-card')?.classList.toggle('looked-into', chosen);
    }
  });
}

/** @param {ModelReport} model */
function order({ dataset }) {
  const known = Object.keys(DATASETS).indexOf(dataset);
  return known < 0 ? 99 : known;
}

/** @param {ModelReport} model */
function card(model) {
  const { data, dataset } = model;
  return make('div', { class: `model-card ${dataset}` },
    make('button', { type: 'button', 'data-name': model.name, class: 'model-head' }, signMark(dataset), `${datasetLabel(dataset)} · ${model.label}`),
    make('p', { class: 'learned' },
      data.stand_in && make('b', {}, 'Not the paper’s recordings. '), data.title || 'Its training data are not noted.'),
    accuracy(model), curve(model), facts(model));
}

/**
 * One bar from 0 to 100 %, with the paper's mark, what was learned by heart, and chance.
 *
 * @param {ModelReport} model
 */
function accuracy(model) {
  const [middle, five] = Object.values(model.test || {});
  const paper = model.paper?.test_accuracy;
  const words = middle
    ? make('p', { class: 'right' }, make('b', {}, percent(middle.accuracy)), ' test accuracy', paper ? make('span', {}, `the paper’s ${percent(paper)}`) : null)
    : make('p', { class: 'right' }, 'Not tested yet.');
  /**
   * @param {string} kind
   * @param {number} [share]
   */
  const place = (kind, share) => share !== undefined && Number.isFinite(share) && make('i', { class: kind, style: `--at:${(100 * share).toFixed(2)}%` });
  const told = [
    model.train_accuracy !== undefined && Number.isFinite(model.train_accuracy) && `${percent(model.train_accuracy)} training accuracy`,
    five && `${percent(five.accuracy)} with five seconds to listen`,
    `${percent(model.chance, 1)} chance`,
  ].filter(Boolean);
  return make('div', {}, words,
    make('div', { class: 'accuracy', 'aria-hidden': 'true' },
      place('learned-by-heart', model.train_accuracy), place('found', middle?.accuracy), place('chance', model.chance), place('paper', paper)),
    make('p', { class: 'aside' }, `${told.join(' · ')}.`));
}

/**
 * Training and test accuracy by epoch.
 *
 * @param {ModelReport} model
 */
function curve({ curve: { train, test }, epochs }) {
  if (!train.length) return null;
  const last = Math.max(epochs || 1, train[train.length - 1][0]);
  /** @param {[epoch: number, share: number][]} points */
  const path = points => `M${points.map(([epoch, share]) => `${((epoch / last) * WIDTH).toFixed(1)} ${(HEIGHT - 1 - share * (HEIGHT - 3)).toFixed(1)}`).join('L')}`;
  /** @param {[epoch: number, share: number][]} points */
  const end = points => percent(points[points.length - 1][1]);
  const words = `Accuracy over ${last} epochs: ${end(train)} in training${test.length ? `, ${end(test)} in the test` : ''} at the end.`;
  const drawing = makeSvg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
    makeSvg('title', {}, words),
    makeSvg('path', { class: 'ground', d: `M0 ${HEIGHT - 0.5}H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 1H${WIDTH}` }),
    makeSvg('path', { class: 'train', d: path(train) }),
    test.length > 0 && makeSvg('path', { class: 'test', d: path(test) }));
  return make('figure', { class: 'learning' }, drawing,
    make('figcaption', { 'aria-hidden': 'true' }, make('span', {}, 'epoch 1'), make('span', {}, `epoch ${last}`)));
}

/** @param {ModelReport} model */
function facts(model) {
  const { data } = model;
  /**
   * @param {...[term: string, text: unknown]} rows
   */
  const list = (...rows) => make('dl', {}, ...rows.flatMap(([term, text]) => (text ? [make('dt', {}, term), make('dd', {}, String(text))] : [])));
  const brief = list(['Classes', model.classes.length],
    ['Size', model.parameters && `${model.parameters.toLocaleString('en')} parameters, ${model.channels.length} layers`], ['Licence', data.licence]);
  const more = list(['Sounds', data.sources], ['Length', data.hours && `${data.hours} hours`], ['Credit', data.credit], ['Limits', data.limits],
    ['The paper', model.paper?.data], ['Trained', model.epochs && `${model.epochs} of ${model.epochs_planned} epochs`]);
  return make('div', {}, brief, more.children.length > 0 && make('details', {}, make('summary', {}, 'More about the recordings'), more));
}

/**
 * The same choice, small, to have at hand further down.
 *
 * @param {HTMLElement} box
 * @param {Inside} inside
 */
export function mountLooking(box, inside) {
  const choice = find(box, '#looking-choice');
  const buttons = inside.models.map(({ name, dataset, label }) => makeButton(
    { class: `dataset ${dataset}`, 'data-name': name, 'aria-label': `${datasetLabel(dataset)}, ${label}` },
    () => inside.choose(name),
    signMark(dataset), make('span', {}, datasetLabel(dataset)), make('small', {}, label.replace('Model', ''))));
  choice.replaceChildren(...buttons);
  inside.watchModel(() => {
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.name === inside.model.name));
  });
}
