// How strongly each layer and map responds to a sound, beside how it usually does; dreaming on.

import { fit, colour } from '../lib/canvas.js';
import { dreamState } from '../lib/opening.js';
import { walkRadios } from '../lib/radios.js';
import { toast } from '../lib/toast.js';
import { capital } from '../lib/words.js';
import { make } from '../lib/make.js';
import { paintRows } from './heat.js';

const TAKEN = 4;
const LONGEST_START_SECONDS = 10;

export class Responses {
  constructor(root, inside, voices, source) {
    Object.assign(this, { root, inside, voices, source });
    this.find = id => root.querySelector(`#${id}`);
    this.layer = null;
    const strips = this.find('layer-strips');
    strips.addEventListener('click', event => {
      const strip = event.target.closest('[data-layer]');
      if (strip) this.choose(Number(strip.dataset.layer));
    });
    strips.addEventListener('keydown', event => walkRadios(event, strips));
    this.find('dream-on').addEventListener('click', () => this.dreamOn());
    this.find('liked-maps').addEventListener('change', () => this.#count());
    new ResizeObserver(() => this.draw()).observe(strips);
    window.addEventListener('studio-theme', () => this.draw());
  }

  show(report) {
    const former = this.model === this.inside.model ? this.layer : null;
    this.report = report;
    this.model = this.inside.model;
    this.find('responses-told').textContent = `A square is a map, the most excited ones first. Bright: it responds more strongly than to nearly all of ${report.beside}. Dark: less than to nearly all of them. Every map is compared with itself, so layers can be compared, too.`;
    this.find('layer-strips').replaceChildren(...report.layers.map(({ layer, strong, share }) => {
      const strip = make('button', { type: 'button', role: 'radio', class: 'layer-strip', 'data-layer': layer, 'aria-label': `Layer ${layer}: ${strong} of ${share.length} maps respond strongly` });
      strip.append(make('b', {}, `Layer ${layer}`), make('canvas', { 'aria-hidden': 'true' }), make('span', {}, `${strong} of ${share.length} strongly`));
      return strip;
    }));
    const part = ({ strong, share }) => strong / share.length;
    this.choose(former ?? report.layers.reduce((best, one) => (part(one) >= part(best) ? one : best)).layer);
  }

  choose(layer) {
    this.layer = layer;
    for (const strip of this.find('layer-strips').children) {
      const chosen = Number(strip.dataset.layer) === layer;
      strip.setAttribute('aria-checked', String(chosen));
      strip.tabIndex = chosen ? 0 : -1;
    }
    const { order, share, over_db: over, over_time: moments } = this.report.layers[layer];
    this.find('liked-title').textContent = `The maps of layer ${layer} that like this sound most`;
    this.find('liked-maps').replaceChildren(...moments.map((_, i) => {
      const map = order[i];
      const name = this.inside.mapName(layer, map);
      const box = make('input', { type: 'checkbox', 'data-map': map });
      box.checked = i < TAKEN;
      const level = `${over[map] < 0 ? '−' : '+'}${Math.abs(over[map]).toFixed(0)} dB`;
      return make('div', { class: 'liked-map' },
        make('label', {}, box, make('b', { title: name }, capital(name))),
        make('canvas', { role: 'img', 'aria-label': `How it responds as time goes on; on average ${stronger(share[map])} of ${this.report.beside}` }),
        make('span', { class: 'level', title: 'Above what is usual for this map' }, level),
        make('span', { class: 'share' }, stronger(share[map])),
        this.voices.button(this.model, layer, map, name));
    }));
    this.#count();
    this.draw();
  }

  get taken() {
    return [...this.find('liked-maps').querySelectorAll('input:checked')].map(box => Number(box.dataset.map));
  }

  draw() {
    if (!this.report || !this.find('layer-strips').clientWidth) return;
    for (const strip of this.find('layer-strips').children) {
      const { order, share } = this.report.layers[Number(strip.dataset.layer)];
      paintRows(strip.querySelector('canvas'), [order.map(map => share[map])], { crisp: true });
    }
    for (const [i, row] of [...this.find('liked-maps').children].entries()) this.#line(row.querySelector('canvas'), this.report.layers[this.layer].over_time[i]);
  }

  // The Dream tab starts from this sound and makes the chosen maps stronger.
  async dreamOn() {
    const { recording, initial, label } = this.source();
    const { dataset, architecture } = this.model;
    const targets = this.taken.map(map => [this.layer, map, 1]);
    const { layer } = this;
    const state = await dreamState();
    state.set({ dataset, architecture, targets });
    if (recording) {
      const length = Math.max(1, Math.min(LONGEST_START_SECONDS, recording.seconds));
      state.setRecording(recording, { initial: recording.name, start_seconds: 0, seconds: Number(length.toFixed(1)) });
    } else state.setRecording(null, { initial, start_seconds: 0 });
    toast(`Dream starts from ${label} and makes ${targets.length} ${targets.length === 1 ? 'map' : 'maps'} of layer ${layer} stronger. Press Dream.`);
  }

  #count() {
    const count = this.taken.length;
    const button = this.find('dream-on');
    button.disabled = count === 0;
    button.textContent = count === 0 ? 'Tick a map to dream on' : count === 1 ? 'Dream on with this map' : `Dream on with these ${count} maps`;
  }

  #line(canvas, values) {
    const { context, width, height, dense } = fit(canvas);
    context.clearRect(0, 0, width, height);
    context.strokeStyle = colour('--accent');
    context.lineWidth = 1.5 * dense;
    context.beginPath();
    const points = values.length > 1 ? values : [values[0], values[0]];
    points.forEach((value, i) => context.lineTo((i / (points.length - 1)) * width, height - 2 * dense - value * (height - 4 * dense)));
    context.stroke();
  }
}

// For how many of the sounds that it is compared with a map responds less.
const stronger = share => (share >= 1 ? 'stronger than for all' : `stronger than for ${Math.floor(100 * share + 1e-6)} %`);
