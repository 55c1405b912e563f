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
  show(samples, rate, { grey = false } = {}) {
    this.grey = grey;
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
    const style = getComputedStyle(document.documentElement);
    this.#drawWaveform(style);
    this.#drawSpectrum(style);
  }

  #drawWaveform(style) {
    const { context, width, height } = fit(this.waveform);
    context.clearRect(0, 0, width, height);
    drawPeaks(context, peaks(this.samples, width), width, height, style.getPropertyValue(this.grey ? '--edge' : '--accent'));
  }

  #drawSpectrum(style) {
    const { context, width, height } = fit(this.spectrum);
    const columns = Math.max(60, Math.min(width, 640));
    if (!this.picture || this.picture.columns !== columns) {
      this.picture = spectrogram(this.samples, this.rate, columns);
    }
    const table = colours(style.getPropertyValue(this.grey ? '--grey-heat' : '--heat').trim().split(/\s+/));
    const { rows, levels } = this.picture;
    const image = new ImageData(columns, rows);
    for (let i = 0; i < levels.length; i += 1) {
      const colour = Math.round(levels[i] * 255) * 3;
      image.data[i * 4] = table[colour];
      image.data[i * 4 + 1] = table[colour + 1];
      image.data[i * 4 + 2] = table[colour + 2];
      image.data[i * 4 + 3] = 255;
    }
    const small = new OffscreenCanvas(columns, rows);
    small.getContext('2d').putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(small, 0, 0, width, height);
  }

  #follow() {
    cancelAnimationFrame(this.frame);
    const place = () => {
      const part = this.player.duration ? this.player.position / this.player.duration : 0;
      this.cursor.style.setProperty('--at', part);
      this.cursor.classList.toggle('there', part > 0 || this.player.playing);
      if (document.activeElement !== this.seek) this.seek.value = Math.round(part * 1000);
      this.seek.setAttribute('aria-valuetext', seconds(this.player.position));
      this.root.dispatchEvent(new Event('moved'));
      if (this.player.playing) this.frame = requestAnimationFrame(place);
    };
    place();
  }

  #labelPitches() {
    const ratio = Math.log(HIGHEST_HZ / LOWEST_HZ);
    this.root.querySelector('#pitches').innerHTML = PITCHES.map(hz => {
      const from = 100 * (1 - Math.log(hz / LOWEST_HZ) / ratio);
      return `<span style="top:${from}%">${hz >= 1000 ? `${hz / 1000} kHz` : `${hz} Hz`}</span>`;
    }).join('');
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

// Give a canvas as many pixels as it covers and return its context in those pixels.
export function fit(canvas) {
  const dense = Math.min(2, window.devicePixelRatio || 1);
  const width = Math.max(1, Math.round(canvas.clientWidth * dense));
  const height = Math.max(1, Math.round(canvas.clientHeight * dense));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  return { context: canvas.getContext('2d'), width, height, dense };
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
