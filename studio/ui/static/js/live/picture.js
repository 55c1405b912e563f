// What is heard, drawn as it comes: a scope, a spectrogram that scrolls, four curves that scroll.

import { colours, HIGHEST_HZ, LOWEST_HZ } from '../audio/spectrum.js';
import { colour, fit } from '../lib/canvas.js';
import { reading } from '../lib/numbers.js';

const PITCHES = [100, 300, 1000, 3000, 10000];
const RATE = 44100;
const SPAN_SECONDS = 20;
const FRAME_MS = 33;
const LOUDEST_DB = -25;
const RANGE_DB = 75;
const LOGARITHMIC = new Set(['brightness', 'noisiness']);
const RANGES = { loudness: [0, 0.3], brightness: [150, 12000], noisiness: [1e-5, 1], roughness: [0, 0.12] };

export class Picture {
  constructor(root, stream) {
    this.stream = stream;
    this.scope = root.querySelector('#live-scope');
    this.spectrum = root.querySelector('#live-spectrogram');
    this.figures = [...root.querySelectorAll('#live-curves figure')];
    this.points = [];
    this.frames = 0;
    this.root = root;
    const ratio = Math.log(HIGHEST_HZ / LOWEST_HZ);
    root.querySelector('#live-pitches').innerHTML = PITCHES.map(hz => {
      const from = 100 * (1 - Math.log(hz / LOWEST_HZ) / ratio);
      return `<span style="top:${from}%">${hz >= 1000 ? `${hz / 1000} kHz` : `${hz} Hz`}</span>`;
    }).join('');
    stream.addEventListener('report', event => this.#note(event.detail));
    stream.addEventListener('change', () => this.#run());
    window.addEventListener('studio-theme', () => (this.table = null));
  }

  #note({ at, features }) {
    while (this.points.length && this.points.at(-1).at >= at) this.points.pop();
    this.points.push({ at, ...features });
    const oldest = this.stream.head - SPAN_SECONDS * RATE;
    while (this.points.length > 1 && this.points[1].at < oldest) this.points.shift();
  }

  #run() {
    if (!this.stream.running || this.going) return;
    this.points = [];
    this.going = true;
    let last = 0;
    const step = now => {
      this.going = this.stream.running;
      if (!this.going) return;
      requestAnimationFrame(step);
      if (now - last < FRAME_MS || !this.root.offsetParent) return;
      const passed = Math.min(200, now - last);
      last = now;
      this.frames += 1;
      this.#drawScope();
      this.#drawSpectrum(passed);
      for (const figure of this.figures) this.#drawCurve(figure);
    };
    requestAnimationFrame(step);
  }

  #drawScope() {
    const { context, width, height, dense } = fit(this.scope);
    this.wave ||= new Float32Array(2048);
    this.stream.analyser.getFloatTimeDomainData(this.wave);
    // From a rising crossing of zero on, so that a steady tone stands still.
    let start = 0;
    while (start < 1024 && !(this.wave[start] < 0 && this.wave[start + 1] >= 0)) start += 1;
    if (start === 1024) start = 0;
    // Quiet sounds are drawn larger, loud ones as they are.
    const peak = this.wave.reduce((most, value) => Math.max(most, Math.abs(value)), 0.05);
    this.peak = Math.max(peak, 0.97 * (this.peak || 0));
    const gain = (0.45 * height) / this.peak;
    context.clearRect(0, 0, width, height);
    context.strokeStyle = colour('--accent');
    context.lineWidth = 1.5 * dense;
    context.beginPath();
    for (let i = 0; i < 1024; i += 1) {
      const x = (i / 1023) * width;
      const y = height / 2 - this.wave[start + i] * gain;
      if (i) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
    context.stroke();
  }

  #drawSpectrum(passed) {
    const { context, width, height } = fit(this.spectrum);
    this.table ||= colours(colour('--heat').split(/\s+/));
    this.levels ||= new Float32Array(1024);
    this.stream.analyser.getFloatFrequencyData(this.levels);
    this.owed = (this.owed || 0) + (width * passed) / (SPAN_SECONDS * 1000);
    const columns = Math.floor(this.owed);
    if (!columns) return;
    this.owed -= columns;
    context.drawImage(this.spectrum, -columns, 0);
    if (this.column?.height !== height) this.column = new ImageData(1, height);
    const { data } = this.column;
    const ratio = Math.log(HIGHEST_HZ / LOWEST_HZ);
    for (let row = 0; row < height; row += 1) {
      const hz = LOWEST_HZ * Math.exp(ratio * (1 - row / height));
      const below = LOWEST_HZ * Math.exp(ratio * (1 - (row + 1) / height));
      const db = this.#strongest((below * 2048) / RATE, (hz * 2048) / RATE);
      const level = Math.max(0, Math.min(1, 1 + (db - LOUDEST_DB) / RANGE_DB));
      const at = Math.round(level * 255) * 3;
      for (let channel = 0; channel < 3; channel += 1) data[row * 4 + channel] = this.table[at + channel];
      data[row * 4 + 3] = 255;
    }
    for (let i = columns; i > 0; i -= 1) context.putImageData(this.column, width - i, 0);
  }

  #strongest(low, high) {
    const first = Math.ceil(low);
    const last = Math.min(1022, Math.floor(high));
    if (last < first) {
      const under = Math.min(1022, Math.floor((low + high) / 2));
      const part = (low + high) / 2 - under;
      return this.levels[under] * (1 - part) + this.levels[under + 1] * part;
    }
    let most = -Infinity;
    for (let bin = first; bin <= last; bin += 1) most = Math.max(most, this.levels[bin]);
    return most;
  }

  #drawCurve(figure) {
    const { feature } = figure.dataset;
    const { context, width, height, dense } = fit(figure.querySelector('canvas'));
    const heard = this.points.filter(point => point.at <= this.stream.head);
    const scaled = value => (LOGARITHMIC.has(feature) ? Math.log(Math.max(value, 1e-6)) : value);
    const [low, high] = RANGES[feature].map(scaled);
    context.clearRect(0, 0, width, height);
    context.fillStyle = colour('--line');
    context.fillRect(0, height - dense, width, dense);
    figure.querySelector('output').textContent = heard.length ? reading[feature](heard.at(-1)[feature]) : '–';
    context.strokeStyle = colour('--accent');
    context.lineWidth = 1.75 * dense;
    context.beginPath();
    heard.forEach((point, i) => {
      const x = width * (1 - (this.stream.head - point.at) / (SPAN_SECONDS * RATE));
      const part = Math.max(0, Math.min(1, (scaled(point[feature]) - low) / (high - low)));
      const y = height - 3 * dense - part * (height - 6 * dense);
      if (i) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
    context.stroke();
  }
}
