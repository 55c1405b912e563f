// All takes in one plot: a line each across the four features, and the numbers beside it.

import { reading } from '../lib/numbers.js';
import { capital } from '../lib/words.js';

const FEATURES = ['loudness', 'brightness', 'noisiness', 'roughness'];
const LEAST_RATIO = { loudness: 1.4, brightness: 1.3, noisiness: 3, roughness: 1.5 };
const [WIDTH, HEIGHT, TOP, SIDE] = [640, 260, 40, 60];
const SVG = 'http://www.w3.org/2000/svg';

export const measured = take => Object.fromEntries(FEATURES.map(name => [name, take.trace[name].at(-1)]));

export function mountPlot(dialog, onChoose) {
  const figure = dialog.querySelector('svg');
  const body = dialog.querySelector('tbody');
  dialog.querySelector('.ghost').addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  const light = id => {
    for (const element of dialog.querySelectorAll('[data-take]')) element.classList.toggle('lit', element.dataset.take === id);
  };
  for (const type of ['pointerover', 'focusin']) {
    dialog.addEventListener(type, event => light(event.target.closest('[data-take]')?.dataset.take || dialog.dataset.current));
  }
  dialog.addEventListener('click', event => {
    const chosen = event.target.closest('[data-take]');
    if (chosen) {
      dialog.dataset.current = chosen.dataset.take;
      onChoose(chosen.dataset.take);
    }
  });
  return {
    open(takes, current) {
      dialog.dataset.current = current?.id || '';
      figure.replaceChildren(...axes(takes), ...takes.map(take => line(take, scales(takes))));
      body.replaceChildren(...takes.map(row));
      light(dialog.dataset.current);
      dialog.showModal();
    },
  };
}

// Ratios are heard, so every axis is logarithmic.
function scales(takes) {
  return Object.fromEntries(FEATURES.map(name => {
    const values = takes.map(take => Math.max(measured(take)[name], 1e-9));
    const middle = Math.sqrt(Math.min(...values) * Math.max(...values));
    const low = Math.min(...values, middle / LEAST_RATIO[name]);
    const high = Math.max(...values, middle * LEAST_RATIO[name]);
    const place = value => Math.log(Math.max(value, 1e-9) / low) / Math.log(high / low);
    return [name, { low, high, y: value => HEIGHT - TOP - place(value) * (HEIGHT - 2 * TOP) }];
  }));
}

const xOf = index => SIDE + (index * (WIDTH - 2 * SIDE)) / (FEATURES.length - 1);

function draw(tag, facts, text = '') {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(facts)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

function axes(takes) {
  const found = scales(takes);
  return FEATURES.flatMap((name, index) => {
    const x = xOf(index);
    const { low, high } = found[name];
    return [
      draw('line', { x1: x, x2: x, y1: TOP, y2: HEIGHT - TOP, class: 'axis' }),
      draw('text', { x, y: 12, class: 'name' }, capital(name)),
      draw('text', { x, y: TOP - 9, class: 'end' }, reading[name](high)),
      draw('text', { x, y: HEIGHT - TOP + 17, class: 'end' }, reading[name](low)),
    ];
  });
}

function line(take, found) {
  const points = FEATURES.map((name, index) => [xOf(index), found[name].y(measured(take)[name])]);
  const group = draw('g', { class: `line ${take.recipe.dataset}`, 'data-take': take.id });
  group.append(draw('polyline', { points: points.map(point => point.map(value => value.toFixed(1)).join()).join(' ') }));
  for (const [cx, cy] of points) group.append(draw('circle', { cx, cy, r: 4 }));
  group.append(draw('title', {}, take.name));
  return group;
}

function row(take) {
  const element = document.createElement('tr');
  element.dataset.take = take.id;
  element.className = take.recipe.dataset;
  element.innerHTML = `<th scope="row"><button type="button"></button></th>${'<td></td>'.repeat(4)}`;
  element.querySelector('button').textContent = `${take.star ? '★ ' : ''}${take.name}`;
  FEATURES.forEach((name, index) => {
    element.children[index + 1].textContent = reading[name](measured(take)[name]);
  });
  return element;
}
