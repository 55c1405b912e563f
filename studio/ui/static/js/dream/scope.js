// The sound drawn large: waveform, spectrogram, a moving cursor, a place to click.

import { drawPeaks, paintSpectrum, peaks, pitchMarks } from '../audio/drawing.js';
import { spectrogram } from '../audio/spectrum.js';
import { Emitter } from '../lib/bus.js';
import { colour, drawAgain, fit, fitClear } from '../lib/canvas.js';
import { finder } from '../lib/dom.js';
import { seconds } from '../lib/numbers.js';

const PITCHES = [100, 300, 1000, 3000, 10000];
const TIME_STEPS = [0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60];
const MOST_TIMES = 6;
const WORDS_MS = 80; // words and meter need not follow every frame
const SEEK_STEPS = 1000;

/** @extends {Emitter<{ moved: void }>} */
export class Scope extends Emitter {
  /** @type {Float32Array<ArrayBuffer> | null} */
  samples = null;
  /** How many sounds were shown. */
  drawn = 0;
  /** @type {Float32Array[]} */
  #channels = [];
  #rate = 1;
  #grey = false;
  #live = false;
  /** @type {import('../audio/spectrum.js').Spectrogram | null} */
  #picture = null;
  #frame = 0;

  /**
   * @param {HTMLElement} root
   * @param {import('../audio/player.js').Player} player
   * @param {AbortSignal} signal
   */
  constructor(root, player, signal) {
    super();
    const byId = finder(root);
    this.root = root;
    this.player = player;
    this.waveform = byId('waveform', HTMLCanvasElement);
    this.spectrum = byId('spectrogram', HTMLCanvasElement);
    this.cursor = byId('cursor');
    this.seek = byId('seek', HTMLInputElement);
    this.times = byId('times');
    byId('pitches').innerHTML = pitchMarks(PITCHES);
    drawAgain(root, () => this.redraw(), signal);
    this.seek.addEventListener('input', () => player.seek((Number(this.seek.value) / SEEK_STEPS) * player.duration));
    player.on('change', () => this.#follow());
  }

  /**
   * What was there before is drawn in grey; the dream brings the colour.
   *
   * @param {import('../lib/types.js').Sound} sound
   * @param {{ grey?: boolean, live?: boolean }} [look]  `live`: another one is soon to come
   */
  show({ samples, rate, channels = [samples] }, { grey = false, live = false } = {}) {
    this.samples = samples;
    this.#channels = channels;
    this.#rate = rate;
    this.#grey = grey;
    this.#live = live;
    this.#picture = null;
    this.drawn += 1;
    this.#labelTimes(samples.length / rate);
    this.redraw();
    this.#follow();
  }

  redraw() {
    if (!this.samples || !this.root.clientWidth) return;
    this.#drawWave(fitClear(this.waveform));
    const surface = fit(this.spectrum);
    const columns = Math.max(60, Math.min(surface.width, this.#live ? 240 : 640));
    if (this.#picture?.columns !== columns) this.#picture = spectrogram(this.samples, this.#rate, columns);
    paintSpectrum(surface, this.#picture, this.#grey ? '--grey-heat' : '--heat');
  }

  /** @param {import('../lib/canvas.js').Surface} wave  the left channel stands above the right one */
  #drawWave(wave) {
    const height = wave.height / this.#channels.length;
    const rows = this.#channels.map(channel => peaks(channel, wave.width));
    const most = Math.max(...rows.map(row => row.most));
    wave.context.save();
    for (const row of rows) {
      drawPeaks({ ...wave, height }, { ...row, most }, colour(this.#grey ? '--edge' : '--accent'));
      wave.context.translate(0, height);
    }
    wave.context.restore();
  }

  #follow() {
    cancelAnimationFrame(this.#frame);
    const width = this.root.clientWidth;
    const { player, seek, cursor } = this;
    let shown = 0;
    const place = () => {
      const part = player.duration ? player.position / player.duration : 0;
      cursor.style.transform = `translateX(${(part * width).toFixed(1)}px)`;
      cursor.classList.toggle('there', part > 0 || player.playing);
      const now = performance.now();
      if (now - shown > WORDS_MS || !player.playing) {
        shown = now;
        if (document.activeElement !== seek) seek.value = String(Math.round(part * SEEK_STEPS));
        seek.setAttribute('aria-valuetext', seconds(player.position));
        this.emit('moved');
      }
      if (player.playing) this.#frame = requestAnimationFrame(place);
    };
    place();
  }

  /** @param {number} length  seconds */
  #labelTimes(length) {
    const step = TIME_STEPS.find(s => length / s <= MOST_TIMES) || 60;
    const marks = [];
    for (let t = 0; t < length - step * 0.3; t += step) {
      marks.push(`<span style="left:${(100 * t) / length}%">${Number(t.toFixed(2))}${t ? '' : ' s'}</span>`);
    }
    this.times.innerHTML = marks.join('');
  }
}
