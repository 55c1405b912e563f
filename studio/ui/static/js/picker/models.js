// Which network dreams: a dataset and an architecture, and what it really learned from.

import { DATASETS, datasetLabel } from '../lib/datasets.js';

// `prefix` keeps the ids and radio groups of two tabs apart.
export function mountModels(root, state, prefix = '') {
  const datasets = root.querySelector(`#${prefix}datasets`);
  const architectures = root.querySelector(`#${prefix}architectures`);
  const names = [...Object.keys(DATASETS), ...state.models.map(model => model.dataset)];
  const known = new Set(state.models.map(model => model.dataset));
  datasets.innerHTML = '';
  for (const name of new Set(names)) {
    const there = known.has(name);
    datasets.append(radio(`${prefix}dataset`, name, datasetLabel(name), {
      sign: DATASETS[name]?.sign || '◆', className: `dataset ${name}`, off: !there,
      hint: there ? DATASETS[name]?.of : 'This model is not here yet.',
    }));
  }
  architectures.innerHTML = '';
  for (const [name, { label, convolutions }] of Object.entries(state.architectures)) {
    architectures.append(radio(`${prefix}architecture`, name, label, { small: `${convolutions.length} layers` }));
  }
  datasets.addEventListener('change', event => choose(state, { dataset: event.target.value }));
  architectures.addEventListener('change', event => choose(state, { architecture: event.target.value }));
  const more = root.querySelector('#stand-in-more');
  const card = root.querySelector('#stand-in-card');
  more?.addEventListener('click', () => {
    card.hidden = !card.hidden;
    more.setAttribute('aria-expanded', String(!card.hidden));
  });
  state.watch(['dataset', 'architecture'], () => {
    const { dataset, architecture } = state.recipe;
    root.dataset.dataset = dataset;
    for (const input of datasets.querySelectorAll('input')) input.checked = input.value === dataset;
    for (const input of architectures.querySelectorAll('input')) {
      input.checked = input.value === architecture;
      input.disabled = !state.models.some(m => m.dataset === dataset && m.architecture === input.value);
    }
    if (!card) return;
    card.innerHTML = '';
    for (const [term, text] of facts(state.model)) {
      const [dt, dd] = [document.createElement('dt'), document.createElement('dd')];
      dt.textContent = term;
      dd.textContent = text;
      card.append(dt, dd);
    }
  });
}

// Where the wished-for pair does not exist, take the nearest that does.
function choose(state, change) {
  const wanted = { ...state.recipe, ...change };
  const fits = state.models.filter(m => Object.entries(change).every(([key, value]) => m[key] === value));
  const exact = fits.find(m => m.dataset === wanted.dataset && m.architecture === wanted.architecture);
  const model = exact || fits[0];
  if (model) state.set({ dataset: model.dataset, architecture: model.architecture });
}

function radio(group, value, label, { sign, small, className = '', off = false, hint = '' } = {}) {
  const element = document.createElement('label');
  element.className = className;
  if (hint) element.title = hint;
  element.innerHTML = `<input type="radio" name="${group}"><span></span>`;
  const input = element.querySelector('input');
  input.value = value;
  input.disabled = off;
  const text = element.querySelector('span');
  if (sign) text.insertAdjacentHTML('beforeend', `<i class="sign" aria-hidden="true">${sign}</i>`);
  text.append(label);
  if (small) text.insertAdjacentHTML('beforeend', ` <small>${small}</small>`);
  return element;
}

const percent = value => (typeof value === 'number' ? `${Math.round(value * 100)} %` : null);

// What a card says, in words, from whatever it holds.
export function facts(model) {
  if (!model) return [['Model', 'not here yet']];
  const { card } = model;
  const data = typeof card.data === 'object' && card.data ? card.data : {};
  const pick = (...keys) => keys.map(key => data[key] ?? card[key]).find(Boolean);
  const text = value => (typeof value === 'object' ? Object.values(value).filter(v => typeof v !== 'object').join(', ') : String(value));
  const found = [
    ['Learned from', pick('title', 'summary')],
    ['Instead of', data.stand_in && card.paper?.data],
    ['Licence', pick('licence')],
    ['Credit', pick('credit')],
    ['Limits', pick('limits')],
    ['Classes', model.classes.length],
    ['Rounds (epochs)', card.epochs_planned ? `${card.epochs} of ${card.epochs_planned}` : card.epochs],
    ['Right about', accuracy(card)],
  ];
  return found.filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false).map(([term, value]) => [term, text(value)]);
}

// How often the model is right about sounds it has not heard in training.
function accuracy(card) {
  const ours = percent(card.test_accuracy);
  if (!ours) return null;
  const found = `${ours} of new recordings`;
  const paper = percent(card.paper?.test_accuracy);
  const notes = [paper && `the paper's ${paper}`, card.chance && `guessing ${(card.chance * 100).toFixed(1)} %`].filter(Boolean);
  return notes.length ? `${found} (${notes.join(', ')})` : found;
}
