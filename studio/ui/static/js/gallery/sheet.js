// One sound in full: its picture, its features beside its layer's, what is like it.

import { colour, fit } from '../lib/canvas.js';
import { drawPeaks, paintSpectrum, peaks, pitchMarks } from '../audio/drawing.js';
import { signOf } from '../lib/datasets.js';
import { spectrogram } from '../audio/spectrum.js';

const COLUMNS = 260;
const BINS = 36;

export class Sheet extends EventTarget {
  constructor(root, catalogue, voice) {
    super();
    Object.assign(this, { root, catalogue, voice });
    this.find = id => root.querySelector(`#${id}`);
    this.row = null;
    this.drawn = 0;
    this.find('unit-pitches').innerHTML = pitchMarks([100, 1000, 10000]);
    this.traits = catalogue.features.map(feature => this.#mountTrait(feature));
    this.root.querySelector('.traits details').addEventListener('toggle', () => this.#drawTraits());
    window.addEventListener('studio-theme', () => this.redraw());
    new ResizeObserver(() => this.redraw()).observe(this.find('picture'));
    voice.addEventListener('change', () => this.#follow());
    this.#mountAlike();
  }

  // Words at once; the picture comes with the samples.
  show(row) {
    if (row === this.row) return;
    const { catalogue } = this;
    this.row = row;
    this.picture = null;
    const { dataset } = catalogue.group(row);
    this.root.dataset.dataset = dataset;
    this.find('unit-title').textContent = catalogue.title(row);
    const detail = this.find('unit-detail');
    detail.className = dataset;
    detail.innerHTML = `<i class="sign" aria-hidden="true">${signOf(dataset)}</i>`;
    detail.append(catalogue.detail(row));
    this.find('unit-dream').disabled = false;
    this.#drawTraits();
    this.alike(null);
  }

  draw(row, samples) {
    if (row !== this.row) return;
    this.samples = samples;
    this.picture = spectrogram(samples, 44100, COLUMNS);
    this.redraw();
    this.drawn += 1;
  }

  redraw() {
    if (this.picture && this.find('picture').clientWidth) {
      const wave = fit(this.find('unit-wave'));
      wave.context.clearRect(0, 0, wave.width, wave.height);
      drawPeaks(wave.context, peaks(this.samples, Math.round(wave.width / 2)), wave.width, wave.height, colour('--accent'));
      const { context, width, height } = fit(this.find('unit-spectrum'));
      paintSpectrum(context, width, height, this.picture, '--heat');
    }
    this.#drawTraits();
  }

  // Rows to list as alike, nearest first; `of` names what they are like, if it is no point here.
  alike(rows, of = '') {
    const box = this.find('alike');
    this.find('alike-label').textContent = of ? `Like ${of}` : 'Sounds alike';
    box.replaceChildren(...(rows || []).map(row => this.#alikeItem(row)));
  }

  #alikeItem(row) {
    const { catalogue } = this;
    const { dataset } = catalogue.group(row);
    const item = document.createElement('button');
    item.type = 'button';
    item.className = `like ${dataset}`;
    item.dataset.row = row;
    item.innerHTML = `<i class="sign" aria-hidden="true">${signOf(dataset)}</i><b></b><span></span>`;
    item.querySelector('b').textContent = catalogue.title(row);
    item.querySelector('span').textContent = catalogue.model(row);
    return item;
  }

  #mountAlike() {
    const box = this.find('alike');
    const rowOf = event => event.target.closest?.('.like')?.dataset.row;
    let over = null;
    box.addEventListener('pointermove', event => {
      const row = rowOf(event);
      if (row && row !== over && event.pointerType === 'mouse') this.#tell('hear', { row: Number(row), since: event.timeStamp });
      over = row;
    });
    box.addEventListener('pointerleave', () => { over = null; });
    box.addEventListener('click', event => {
      const row = rowOf(event);
      if (row) this.#tell('choose', { row: Number(row), since: event.timeStamp });
    });
  }

  #mountTrait(feature) {
    const box = document.createElement('div');
    box.className = 'trait';
    box.dataset.feature = feature.name;
    box.innerHTML = '<span></span><output>–</output><canvas aria-hidden="true"></canvas>';
    box.querySelector('span').textContent = feature.label;
    box.title = feature.help;
    this.find(feature.more ? 'traits-more' : 'traits').append(box);
    return { feature, canvas: box.querySelector('canvas'), output: box.querySelector('output') };
  }

  // How the sounds of the layer are spread over what occurs in the gallery, and where this one is.
  #drawTraits() {
    if (this.row === null) return;
    const { start, count, dataset } = this.catalogue.group(this.row);
    const tint = colour(`--${dataset}`) || colour('--accent');
    for (const { feature, canvas, output } of this.traits) {
      const value = feature.values[this.row];
      output.textContent = Number.isFinite(value) ? feature.read(value) : '–';
      if (!canvas.clientWidth) continue;
      const [low, high] = feature.typical;
      const place = at => Math.min(1, Math.max(0, 0.06 + ((at - low) / (high - low)) * 0.88));
      const bins = new Float32Array(BINS);
      for (let row = start; row < start + count; row += 1) bins[Math.min(BINS - 1, Math.floor(place(feature.places[row]) * BINS))] += 1;
      const { context, width, height, dense } = fit(canvas);
      context.clearRect(0, 0, width, height);
      context.fillStyle = colour('--line');
      context.fillRect(0, height - dense, width, dense);
      context.fillStyle = tint;
      context.globalAlpha = 0.42;
      const most = Math.max(...bins);
      bins.forEach((number, i) => {
        const tall = number ? Math.max(2 * dense, (number / most) ** 0.7 * (height - 3 * dense)) : 0;
        context.fillRect((i * width) / BINS, height - tall, width / BINS - dense, tall);
      });
      context.globalAlpha = 1;
      context.fillStyle = colour('--text');
      const at = place(feature.places[this.row]) * width;
      context.fillRect(Math.min(width - 2 * dense, at - dense), 0, 2 * dense, height);
    }
  }

  #follow() {
    cancelAnimationFrame(this.frame);
    const button = this.find('unit-play');
    const cursor = this.find('unit-cursor');
    const wide = this.find('picture').clientWidth;
    const place = () => {
      const on = this.voice.playing?.row === this.row && this.row !== null;
      button.classList.toggle('on', on);
      button.setAttribute('aria-label', on ? 'Stop' : 'Play');
      cursor.classList.toggle('there', on);
      if (!on) return;
      cursor.style.transform = `translateX(${(this.voice.progress * wide).toFixed(1)}px)`;
      this.frame = requestAnimationFrame(place);
    };
    place();
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
