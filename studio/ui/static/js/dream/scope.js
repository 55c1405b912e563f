// The sound drawn large: waveform, spectrogram, a moving cursor, a place to click.

import { drawPeaks, paintSpectrum, peaks, pitchMarks } from '../audio/drawing.js';
import { spectrogram } from '../audio/spectrum.js';
import { colour, fit } from '../lib/canvas.js';
import { seconds } from '../lib/numbers.js';

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
