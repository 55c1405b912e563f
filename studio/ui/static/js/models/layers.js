// The row of a network's layers, and how a layer's maps respond to tones.

import { colour, fit } from '../lib/canvas.js';
import { walkRadios } from '../lib/radios.js';
import { ask, complain } from '../lib/toast.js';
import { make } from '../lib/make.js';
import { paintRows } from './heat.js';
import { note, pitch } from './inside.js';
import { MapSheet } from './sheet.js';

export const RANGE_DB = 30; // from bright to dark
const HERTZ = [50, 100, 200, 500, 1000, 2000, 5000, 10000];
const NARROW_HERTZ = new Set([100, 1000, 10000]);

export function mountLayers(section, inside, baseUrl, voices) {
  const find = id => section.querySelector(`#${id}`);
  mountRow(find('inside-layer'), inside);
  const tones = new Tones(section, inside, voices);
  const kept = new Map();
  const show = async () => {
    const key = `${inside.model.name}/layers/${inside.layer}.json`;
    find('inside-layer-told').textContent = tell(inside);
    const busy = setTimeout(() => { find('tones-busy').hidden = false; }, 300);
    try {
      if (!kept.has(key)) kept.set(key, await (await ask(new URL(`inside/${key}`, baseUrl))).json());
      if (key === `${inside.model.name}/layers/${inside.layer}.json`) tones.show(kept.get(key));
    } catch (error) {
      complain(error);
    } finally {
      clearTimeout(busy);
      find('tones-busy').hidden = true;
    }
  };
  let last = '';
  const changed = () => {
    const now = `${inside.model.name} ${inside.layer}`;
    if (now !== last) show();
    last = now;
  };
  inside.addEventListener('layer', changed);
  changed();
  return tones;
}

function tell(inside) {
  const { layer, layers, model } = inside;
  const steps = model.lengths[layer];
  const slices = steps > 1 ? `cuts every second into ${steps.toLocaleString('en')} slices` : 'takes in a whole second at once';
  const place = layer === 0 ? 'hears the sound itself' : layer === layers - 1 ? 'has one map for every class' : `hears what layer ${layer - 1} found`;
  return `Layer ${layer} has ${model.channels[layer]} maps. It ${place} and ${slices}.`;
}

// A block for each layer: as high as it is long in time, as wide as it has maps (both logarithmic).
function mountRow(box, inside) {
  const draw = () => {
    const { channels, lengths } = inside.model;
    const longest = Math.log(lengths[0] + 1);
    box.replaceChildren(...channels.map((maps, layer) => {
      const button = make('button', { type: 'button', role: 'radio', class: 'layer-block', 'data-layer': layer, 'aria-label': `Layer ${layer}, ${maps} maps`, style: `flex-grow:${(4 + 2.6 * Math.log2(maps + 1)).toFixed(1)}` });
      button.innerHTML = `<i style="height:${(10 + 54 * Math.log(lengths[layer] + 1) / longest).toFixed(1)}px"></i><b>${layer}</b><small>${maps}</small>`;
      return button;
    }));
    mark();
  };
  const mark = () => {
    for (const button of box.children) {
      const chosen = Number(button.dataset.layer) === inside.layer;
      button.setAttribute('aria-checked', String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
  };
  box.addEventListener('click', event => {
    const button = event.target.closest('[data-layer]');
    if (button) inside.chooseLayer(Number(button.dataset.layer));
  });
  box.addEventListener('keydown', event => walkRadios(event, box));
  inside.watch('model', draw);
  inside.addEventListener('layer', mark);
}

// Maps as rows, sorted by the tone they like most; the highest on top.
class Tones {
  constructor(section, inside, voices) {
    this.find = id => section.querySelector(`#${id}`);
    this.inside = inside;
    this.box = this.find('tones-box');
    this.sheet = new MapSheet(section, inside, voices);
    this.mode = 'tones';
    this.place = 0;
    this.draws = 0;
    this.#mountMode();
    this.#mountPointer();
    new ResizeObserver(() => this.draw()).observe(this.box);
    window.addEventListener('studio-theme', () => this.draw());
  }

  show(report) {
    this.report = report;
    this.find('tones-mode').hidden = !report.taps;
    if (!report.taps) this.mode = 'tones';
    for (const button of this.find('tones-mode').children) button.setAttribute('aria-pressed', String(button.dataset.mode === this.mode));
    const filters = this.mode === 'filters';
    this.order = filters ? report.spectra_order : report.order; // the lowest first
    this.best = filters ? report.spectra_best_hz : report.best_hz;
    const levels = filters ? report.spectra_db : report.levels_db;
    this.rows = this.order.map(map => levels[map].map(level => Math.max(0, 1 + level / RANGE_DB))).reverse();
    this.levels = levels;
    this.box.style.height = `${Math.round(Math.min(560, Math.max(260, 26 * this.rows.length)))}px`;
    this.box.setAttribute('aria-valuemax', String(this.order.length - 1));
    this.find('tones-told').textContent = filters
      ? 'One row is one filter of the first layer: how much of every frequency it lets through (its magnitude spectrum). Sorted by the peak, which the line joins. Bright: the peak. Dark: 30 dB below it.'
      : 'One row is one map; the higher the tone it likes, the higher it stands. Bright: it responds as much as to any tone. Dark: a thousandth of that, or less. The line joins the tones they like most.';
    this.choose(Math.min(this.order.length - 1, Math.floor(this.order.length / 2)));
    this.draw();
  }

  // Which row, counted from the lowest.
  choose(place) {
    if (!this.report) return;
    this.place = Math.min(this.order.length - 1, Math.max(0, place));
    const map = this.order[this.place];
    this.sheet.show({ layer: this.report.layer, map, best: this.best[map], levels: this.levels[map], hertz: this.report.frequencies_hz, taps: this.report.taps?.[map], filters: this.mode === 'filters' });
    this.box.setAttribute('aria-valuenow', String(this.place));
    this.box.setAttribute('aria-valuetext', `${this.inside.mapName(this.report.layer, map)}, responds most to ${pitch(this.best[map])}`);
    this.#line();
  }

  draw() {
    if (!this.report || !this.box.clientWidth) return;
    paintRows(this.find('tones-heat'), this.rows);
    this.#line();
    this.#axes();
    this.sheet.draw();
    this.draws += 1;
  }

  // Position along the width, 0…1, of a frequency; tones stand in the middles of their columns.
  #across(hz) {
    const tones = this.report.frequencies_hz;
    const at = Math.log(hz / tones[0]) / Math.log(tones.at(-1) / tones[0]);
    return (at * (tones.length - 1) + 0.5) / tones.length;
  }

  #line() {
    const { context, width, height, dense } = fit(this.find('tones-line'));
    context.clearRect(0, 0, width, height);
    const tall = height / this.order.length;
    const points = this.order.map((map, place) => [this.#across(this.best[map]) * width, height - (place + 0.5) * tall]);
    context.lineJoin = 'round';
    for (const [ink, thick] of [['--ground', 4], ['--text', 1.4]]) {
      context.strokeStyle = colour(ink);
      context.lineWidth = thick * dense;
      context.beginPath();
      points.forEach(([x, y]) => context.lineTo(x, y));
      context.stroke();
    }
    const top = height - (this.place + 1) * tall;
    context.strokeStyle = colour('--text');
    context.lineWidth = 1.5 * dense;
    context.strokeRect(dense, Math.max(dense, top - dense), width - 2 * dense, Math.max(tall, 4 * dense) + dense);
    const [x, y] = points[this.place];
    context.fillStyle = colour('--accent');
    context.strokeStyle = colour('--ground');
    context.lineWidth = 2 * dense;
    context.beginPath();
    context.arc(x, y, 5 * dense, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }

  #axes() {
    const narrow = this.box.clientWidth < 480;
    const spans = (marks, text) => marks.map(hz => {
      const span = make('span', { style: `left:${(100 * this.#across(hz)).toFixed(2)}%` }, text(hz));
      return span;
    });
    this.find('tones-hertz').replaceChildren(...spans(HERTZ.filter(hz => !narrow || NARROW_HERTZ.has(hz)), pitch));
    const octaves = Array.from({ length: 9 }, (_, octave) => 55 * 2 ** octave).filter((_, octave) => !narrow || octave % 2 === 0);
    this.find('tones-notes').replaceChildren(...spans(octaves, note));
  }

  #mountMode() {
    const box = this.find('tones-mode');
    for (const [mode, text] of [['tones', 'Response to tones'], ['filters', 'Spectra of the filters']]) {
      const button = make('button', { type: 'button', 'data-mode': mode }, text);
      button.addEventListener('click', () => {
        this.mode = mode;
        this.show(this.report);
      });
      box.append(button);
    }
  }

  #mountPointer() {
    const { box } = this;
    const rowAt = event => {
      const { top, height } = box.getBoundingClientRect();
      return Math.floor((1 - (event.clientY - top) / height) * this.order.length);
    };
    let pinned = null;
    box.addEventListener('pointermove', event => {
      if (this.order && event.pointerType === 'mouse') this.choose(rowAt(event));
    });
    box.addEventListener('pointerleave', event => {
      if (pinned?.report === this.report && event.pointerType === 'mouse') this.choose(pinned.place);
    });
    box.addEventListener('click', event => {
      if (!this.order) return;
      this.choose(rowAt(event));
      pinned = { report: this.report, place: this.place };
    });
    box.addEventListener('keydown', event => {
      const step = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10, Home: -1e6, End: 1e6 }[event.key];
      if (!step || !this.order) return;
      event.preventDefault();
      this.choose(this.place + step);
      pinned = { report: this.report, place: this.place };
    });
  }
}
