// What a model takes for what: a matrix of dots, the strongest mistakes in words, every class.

import { colour, fit } from '../lib/canvas.js';
import { colours } from '../audio/spectrum.js';
import { ask, complain } from '../lib/toast.js';
import { make } from '../lib/make.js';
import { capital } from '../lib/words.js';
import { percent } from './inside.js';

const LISTED = 20;

export function mountMixups(root, inside, baseUrl, voices) {
  const find = id => root.querySelector(`#${id}`);
  const matrix = new Matrix(find('matrix'), find('matrix-reading'), inside);
  const kept = new Map();
  const show = async () => {
    const { model } = inside;
    try {
      if (!kept.has(model.name)) kept.set(model.name, digest(await (await ask(new URL(`inside/${model.name}/confusion.json`, baseUrl))).json(), model));
    } catch (error) {
      complain(error);
      return;
    }
    if (model !== inside.model) return;
    const found = kept.get(model.name);
    find('inside-mixups').classList.toggle('missing', Boolean(found.missing));
    if (found.missing) find('mixups-told').replaceChildren('This was not measured for this model. With the recordings at hand, ', make('code', {}, found.command), ' does it.');
    else find('mixups-told').textContent = `${found.clips.toLocaleString('en')} recordings that it never heard before, one second of each: ${percent(found.accuracy)} were found right. A dot off the diagonal is a mistake. Classes that are often mixed up stand next to each other.`;
    matrix.show(found);
    find('mistakes').replaceChildren(...(found.mistakes || []).slice(0, LISTED).map(mistake => mistaken(mistake, model, voices)));
    listClasses(root, inside, voices, found);
  };
  mountSearch(root);
  inside.watch('model', show);
  return matrix;
}

// Counts by class, and the most frequent mistake of each; mistakes come with the most frequent first.
function digest(found, model) {
  if (found.missing) return found;
  const totals = model.classes.map(() => 0);
  const right = model.classes.map(() => 0);
  const worst = model.classes.map(() => null);
  for (const [own, answer, times] of found.entries) {
    totals[own] += times;
    if (own === answer) right[own] = times;
  }
  const mistakes = found.mistakes.map(([own, answer, times]) => ({ own, answer, times, share: times / totals[own] }));
  for (const mistake of mistakes) worst[mistake.own] ||= mistake;
  return { ...found, totals, right, worst, mistakes };
}

function mistaken({ own, answer, times, share }, model, voices) {
  const layer = model.channels.length - 1;
  const named = map => make('span', { class: 'named' }, voices.button(model, layer, map, model.classes[map]), make('b', {}, model.classes[map]));
  return make('li', {}, named(own), make('span', { class: 'taken-for' }, 'taken for'), named(answer), make('span', { class: 'times', title: percent(share) }, `${times} of ${Math.round(times / share)}`));
}

class Matrix {
  constructor(canvas, reading, inside) {
    Object.assign(this, { canvas, reading, inside });
    canvas.addEventListener('pointermove', event => this.#read(event));
    canvas.addEventListener('pointerdown', event => this.#read(event));
    new ResizeObserver(() => this.draw()).observe(canvas);
    window.addEventListener('studio-theme', () => this.draw());
  }

  show(found) {
    this.found = found.missing ? null : found;
    this.reading.textContent = 'Point at a dot to read it.';
    this.draw();
  }

  draw() {
    if (!this.canvas.clientWidth) return;
    const { context, width, height } = fit(this.canvas);
    context.clearRect(0, 0, width, height);
    if (!this.found) return;
    const { order, entries, totals } = this.found;
    const place = new Map(order.map((number, at) => [number, at]));
    const table = colours(colour('--heat').split(/\s+/));
    const step = width / order.length;
    const dot = Math.max(2.5, step);
    context.fillStyle = colour('--panel');
    context.fillRect(0, 0, width, height);
    for (const [own, answer, times] of entries) {
      const share = times / totals[own];
      const at = Math.round((0.3 + 0.7 * Math.sqrt(share)) * 255) * 3;
      context.fillStyle = `rgb(${table[at]} ${table[at + 1]} ${table[at + 2]})`;
      context.fillRect((place.get(answer) + 0.5) * step - dot / 2, (place.get(own) + 0.5) * step - dot / 2, dot, dot);
    }
  }

  // The entry nearest to the pointer, in words.
  #read(event) {
    if (!this.found) return;
    const { order, entries, totals } = this.found;
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map(at => at * order.length - 0.5);
    const place = new Map(order.map((number, at) => [number, at]));
    const far = ([own, answer]) => Math.hypot(place.get(answer) - x, place.get(own) - y);
    const nearest = entries.reduce((best, entry) => (far(entry) < far(best) ? entry : best));
    const [own, answer, times] = nearest;
    const { classes } = this.inside.model;
    const what = own === answer ? 'was found' : `was taken for ${classes[answer]}`;
    this.reading.textContent = `${capital(classes[own])} ${what}: ${times} of ${totals[own]}.`;
  }
}

function listClasses(root, inside, voices, found) {
  const { model, layers } = inside;
  const items = model.classes.map((name, map) => {
    const open = make('button', { type: 'button', class: 'act', 'aria-label': `Open ${name} in Dream` }, 'Dream it');
    open.addEventListener('click', () => voices.open(model, layers - 1, map));
    const told = make('span', { class: 'told' });
    if (!found.missing) {
      const total = found.totals[map];
      told.append(total ? `found ${found.right[map]} of ${total}` : 'not tested');
      const worst = found.worst[map];
      if (worst) told.append(`, else ${worst.times > 1 ? 'mostly ' : ''}${model.classes[worst.answer]}`);
    }
    return make('li', { 'data-name': name.toLowerCase() }, voices.button(model, layers - 1, map, name), make('span', { class: 'words' }, make('b', {}, name), told), open);
  });
  root.querySelector('#class-list').replaceChildren(...items);
  root.querySelector('#class-search').dispatchEvent(new Event('input'));
}

function mountSearch(root) {
  const search = root.querySelector('#class-search');
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    let [shown, heard] = [0, 0];
    const items = [...root.querySelectorAll('#class-list li')];
    for (const item of items) {
      item.hidden = !item.dataset.name.includes(wanted);
      shown += item.hidden ? 0 : 1;
      heard += item.querySelector('.unit-listen').disabled ? 0 : 1;
    }
    const dreamed = heard < items.length ? `; ${heard} of ${items.length} are dreamed so far` : '';
    root.querySelector('#class-count').textContent = wanted ? `${shown} of ${items.length} classes` : `${items.length} classes${dreamed}`;
  });
}
