// What is shown: models, layers, ranges of what is heard, words. One answer for map, count, list.

import { colour, fit } from '../lib/canvas.js';
import { datasetLabel, architectureLabel, signOf } from '../lib/datasets.js';

const STEPS = 200;
const BINS = 48;

export class Filters extends EventTarget {
  constructor(root, catalogue) {
    super();
    Object.assign(this, { root, catalogue });
    this.find = id => root.querySelector(`#${id}`);
    this.kinds = { dataset: new Set(), architecture: new Set(), layer: new Set() };
    this.words = '';
    this.ranges = new Map(); // feature name → [from, to], places 0…1
    this.visible = new Uint8Array(catalogue.count).fill(1);
    this.shown = catalogue.count;
    this.#mountToggles('dataset', catalogue.datasets, datasetLabel, signOf);
    this.#mountToggles('architecture', catalogue.architectures, architectureLabel);
    this.#mountToggles('layer', catalogue.layers, String);
    this.histograms = catalogue.features.map(feature => this.#mountRange(feature));
    const search = this.find('gallery-search');
    search.addEventListener('input', () => {
      this.words = search.value.trim().toLowerCase();
      this.apply();
    });
    this.find('filters-reset').addEventListener('click', () => this.reset());
    window.addEventListener('studio-theme', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.find('filters'));
    root.querySelector('#ranges-more').closest('details').addEventListener('toggle', () => this.draw());
  }

  get active() {
    const kinds = Object.values(this.kinds).filter(kind => kind.size).length;
    return kinds + this.ranges.size + (this.words ? 1 : 0);
  }

  reset() {
    for (const kind of Object.values(this.kinds)) kind.clear();
    for (const button of this.root.querySelectorAll('.toggles button')) button.setAttribute('aria-pressed', 'false');
    this.ranges.clear();
    for (const histogram of this.histograms) histogram.reset();
    this.find('gallery-search').value = '';
    this.words = '';
    this.apply();
  }

  apply() {
    const { catalogue, visible } = this;
    const groups = catalogue.groups.map(group => Object.entries(this.kinds).every(([key, kind]) => !kind.size || kind.has(group[key])));
    const ranges = [...this.ranges].map(([name, range]) => [catalogue.feature(name).places, ...range]);
    this.shown = 0;
    for (let row = 0; row < catalogue.count; row += 1) {
      const fits = groups[catalogue.groupOf[row]]
        && ranges.every(([places, from, to]) => places[row] >= from && places[row] <= to)
        && this.#says(row);
      visible[row] = fits ? 1 : 0;
      this.shown += visible[row];
    }
    this.draw();
    this.find('filters-reset').hidden = !this.active;
    this.dispatchEvent(new Event('change'));
  }

  draw() {
    for (const histogram of this.histograms) histogram.draw();
  }

  // "dog", "map 7", "layer 3", or a sound's own name such as events-model2-3-7.
  #says(row) {
    if (!this.words) return true;
    const { catalogue } = this;
    const text = `${catalogue.label(row)} layer ${catalogue.group(row).layer}, map ${catalogue.map(row)} ${catalogue.id(row)} `;
    const number = /^(map|layer) \d+$/.test(this.words);
    return text.toLowerCase().replaceAll(',', number ? ' ' : ',').includes(number ? `${this.words} ` : this.words);
  }

  #mountToggles(key, kinds, text, sign) {
    const box = this.find(`filter-${key}`);
    for (const kind of kinds) {
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-pressed', 'false');
      button.className = key === 'dataset' ? `dataset ${kind}` : '';
      button.dataset.kind = kind;
      if (sign) button.insertAdjacentHTML('afterbegin', `<i class="sign" aria-hidden="true">${sign(kind)}</i>`);
      button.append(text(kind));
      if (key === 'layer') button.setAttribute('aria-label', `Layer ${kind}`);
      button.addEventListener('click', () => {
        const chosen = this.kinds[key];
        if (!chosen.delete(kind)) chosen.add(kind);
        button.setAttribute('aria-pressed', String(chosen.has(kind)));
        this.apply();
      });
      box.append(button);
    }
  }

  #mountRange(feature) {
    const box = document.createElement('div');
    box.className = 'range';
    box.dataset.feature = feature.name;
    box.title = feature.help;
    box.innerHTML = '<div class="range-head"><span></span><output></output></div><canvas aria-hidden="true"></canvas>'
      + `<div class="two"><input type="range" min="0" max="${STEPS}" step="1" value="0"><input type="range" min="0" max="${STEPS}" step="1" value="${STEPS}"></div>`;
    box.querySelector('span').textContent = feature.label;
    const output = box.querySelector('output');
    const canvas = box.querySelector('canvas');
    const inputs = [...box.querySelectorAll('input')];
    inputs.forEach((input, i) => input.setAttribute('aria-label', `${feature.label}, ${i ? 'at most' : 'at least'}`));
    const bin = place => Math.min(BINS - 1, Math.floor(place * BINS));
    const all = new Uint16Array(BINS);
    for (const place of feature.places) all[bin(place)] += 1;
    const tell = () => {
      const [from, to] = inputs.map(input => input.value / STEPS);
      inputs.forEach(input => input.setAttribute('aria-valuetext', feature.read(feature.value(input.value / STEPS))));
      const whole = from === 0 && to === 1;
      output.textContent = whole ? '' : [from, to].map(at => feature.read(feature.value(at))).join(' – ');
      box.style.setProperty('--from', from);
      box.style.setProperty('--to', to);
      return whole ? null : [from, to];
    };
    const move = event => {
      const [low, high] = inputs;
      // One handle pushes the other along.
      if (Number(low.value) > Number(high.value)) (event.target === low ? high : low).value = event.target.value;
      const range = tell();
      if (range) this.ranges.set(feature.name, [range[0] - 1e-6, range[1] + 1e-6]);
      else this.ranges.delete(feature.name);
      this.apply();
    };
    for (const input of inputs) input.addEventListener('input', move);
    this.find(feature.more ? 'ranges-more' : 'ranges').append(box);
    tell();
    const draw = () => {
      if (!canvas.clientWidth) return;
      const some = new Uint16Array(BINS);
      for (let row = 0; row < this.catalogue.count; row += 1) if (this.visible[row]) some[bin(feature.places[row])] += 1;
      bars(canvas, all, some);
    };
    const reset = () => {
      [inputs[0].value, inputs[1].value] = [0, STEPS];
      tell();
    };
    return { draw, reset };
  }
}

// All sounds faintly, those that are shown in front.
export function bars(canvas, all, some) {
  const { context, width, height, dense } = fit(canvas);
  context.clearRect(0, 0, width, height);
  const most = Math.max(1, ...all);
  const step = width / all.length;
  for (const [counts, tint] of [[all, colour('--line')], [some, colour('--edge')]]) {
    context.fillStyle = tint;
    counts.forEach((count, i) => {
      const tall = count ? Math.max(dense, (count / most) ** 0.7 * height) : 0;
      context.fillRect(i * step, height - tall, Math.max(1, step - dense), tall);
    });
  }
}
