// The sound drawn large: waveform, spectrogram, a moving cursor, a place to click.

import { colours, HIGHEST_HZ, LOWEST_HZ, spectrogram } from './spectrum.js';
import { seconds } from './numbers.js';

const PITCHES = [100, 300, 1000, 3000, 10000];

export class Scope {
  constructor(root, player) {
    this.root = root;
    this.player = player;
    this.waveform = root.querySelector('#waveform');
    this.spectrum = root.querySelector('#spectrogram');
    this.cursor = root.querySelector('#cursor');
    this.seek = root.querySelector('#seek');
    this.samples = null;
    this.drawn = 0;
    this.#labelPitches();
    new ResizeObserver(() => this.redraw()).observe(root);
    window.addEventListener('studio-theme', () => this.redraw());
    this.seek.addEventListener('input', () => player.seek((this.seek.value / 1000) * player.duration));
    player.addEventListener('change', () => this.#follow());
  }

  // What was there before is drawn in grey; the dream brings the colour.
  show(samples, rate, { grey = false, live = false } = {}) {
    this.grey = grey;
    this.live = live;
    this.samples = samples;
    this.rate = rate;
    this.picture = null;
    this.drawn += 1;
    this.#labelTimes();
    this.redraw();
    this.#follow();
  }

  redraw() {
    if (!this.samples || !this.root.clientWidth) return;
    this.#drawWaveform();
    this.#drawSpectrum();
  }

  #drawWaveform() {
    const { context, width, height } = fit(this.waveform);
    context.clearRect(0, 0, width, height);
    drawPeaks(context, peaks(this.samples, width), width, height, colour(this.grey ? '--edge' : '--accent'));
  }

  #drawSpectrum() {
    const { context, width, height } = fit(this.spectrum);
    const columns = Math.max(60, Math.min(width, this.live ? 240 : 640));
    if (!this.picture || this.picture.columns !== columns) {
      this.picture = spectrogram(this.samples, this.rate, columns);
    }
    paintSpectrum(context, width, height, this.picture, this.grey ? '--grey-heat' : '--heat');
  }

  #follow() {
    cancelAnimationFrame(this.frame);
    this.width = this.root.clientWidth;
    let shown = 0;
    const place = () => {
      const part = this.player.duration ? this.player.position / this.player.duration : 0;
      this.cursor.style.transform = `translateX(${(part * this.width).toFixed(1)}px)`;
      this.cursor.classList.toggle('there', part > 0 || this.player.playing);
      // Words and meter need not follow every frame.
      const now = performance.now();
      if (now - shown > 80 || !this.player.playing) {
        shown = now;
        if (document.activeElement !== this.seek) this.seek.value = Math.round(part * 1000);
        this.seek.setAttribute('aria-valuetext', seconds(this.player.position));
        this.root.dispatchEvent(new Event('moved'));
      }
      if (this.player.playing) this.frame = requestAnimationFrame(place);
    };
    place();
  }

  #labelPitches() {
    this.root.querySelector('#pitches').innerHTML = pitchMarks(PITCHES);
  }

  #labelTimes() {
    const length = this.samples.length / this.rate;
    const step = [0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60].find(s => length / s <= 6) || 60;
    const marks = [];
    for (let t = 0; t < length - step * 0.3; t += step) {
      marks.push(`<span style="left:${(100 * t) / length}%">${Number(t.toFixed(2))}${t ? '' : ' s'}</span>`);
    }
    this.root.querySelector('#times').innerHTML = marks.join('');
  }
}

const kept = new Map();
window.addEventListener('studio-theme', () => kept.clear());

// A colour of the theme, looked up once.
export function colour(name) {
  if (!kept.has(name)) kept.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return kept.get(name);
}

// Sizes are told by the browser, not asked for at every drawing, which would cost a layout each.
const sizes = new WeakMap();
const watcher = new ResizeObserver(entries => entries.forEach(({ target }) => measure(target)));
const measure = canvas => sizes.set(canvas, [canvas.clientWidth, canvas.clientHeight]);

// Give a canvas as many pixels as it covers and return its context in those pixels.
export function fit(canvas) {
  if (!sizes.has(canvas)) {
    measure(canvas);
    watcher.observe(canvas);
  }
  const dense = Math.min(2, window.devicePixelRatio || 1);
  const [width, height] = sizes.get(canvas).map(size => Math.max(1, Math.round(size * dense)));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  return { context: canvas.getContext('2d'), width, height, dense };
}

// A spectrogram over the whole of a canvas, in one of the theme's scales.
export function paintSpectrum(context, width, height, { columns, rows, levels }, scale) {
  const table = colours(colour(scale).split(/\s+/));
  const image = new ImageData(columns, rows);
  for (let i = 0; i < levels.length; i += 1) {
    const at = Math.round(levels[i] * 255) * 3;
    image.data[i * 4] = table[at];
    image.data[i * 4 + 1] = table[at + 1];
    image.data[i * 4 + 2] = table[at + 2];
    image.data[i * 4 + 3] = 255;
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext('2d').putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, width, height);
}

// Frequencies as labels at their heights beside a spectrogram.
export function pitchMarks(frequencies) {
  const ratio = Math.log(HIGHEST_HZ / LOWEST_HZ);
  return frequencies.map(hz => {
    const from = 100 * (1 - Math.log(hz / LOWEST_HZ) / ratio);
    return `<span style="top:${from}%">${hz >= 1000 ? `${hz / 1000} kHz` : `${hz} Hz`}</span>`;
  }).join('');
}

// Smallest and largest sample of every column.
export function peaks(samples, columns) {
  const low = new Float32Array(columns);
  const high = new Float32Array(columns);
  let most = 1e-6;
  for (let column = 0; column < columns; column += 1) {
    const end = Math.max(1, Math.floor(((column + 1) * samples.length) / columns));
    let least = Infinity;
    let largest = -Infinity;
    for (let i = Math.min(end - 1, Math.floor((column * samples.length) / columns)); i < end; i += 1) {
      if (samples[i] < least) least = samples[i];
      if (samples[i] > largest) largest = samples[i];
    }
    low[column] = least;
    high[column] = largest;
    most = Math.max(most, -least, largest);
  }
  return { low, high, most };
}

export function drawPeaks(context, { low, high, most }, width, height, colour) {
  const middle = height / 2;
  const gain = (middle - 2) / Math.max(most, 0.05);
  const columns = low.length;
  context.fillStyle = colour;
  for (let column = 0; column < columns; column += 1) {
    const top = middle - high[column] * gain;
    const bottom = middle - low[column] * gain;
    const x = (column * width) / columns;
    context.fillRect(x, top - 0.5, Math.max(1, width / columns), Math.max(1, bottom - top + 1));
  }
}
