// What a model takes a sound for, as time goes on: one row per class, a curve each.

import { drawPeaks, peaks } from '../audio/drawing.js';
import { colour, drawAgain, fitClear } from '../lib/canvas.js';
import { closest, find, findAll, finder, make } from '../lib/dom.js';
import { percent } from '../lib/numbers.js';
import { capital } from '../lib/words.js';
import { paintArea } from './area.js';

/** @typedef {import('./sound.js').HeardReport} HeardReport */
/** @typedef {import('../audio/player.js').Player} Player */

export class Scores {
  /** @type {HeardReport | null} */
  #report = null;

  /**
   * @param {HTMLElement} root
   * @param {Player} player
   * @param {AbortSignal} signal
   */
  constructor(root, player, signal) {
    this.player = player;
    this.byId = finder(root);
    this.box = this.byId('scores');
    this.rows = this.byId('score-rows');
    drawAgain(this.box, () => this.draw(), signal);
    this.rows.addEventListener('pointerdown', event => {
      const canvas = closest(event, 'canvas');
      if (!canvas) return;
      const box = canvas.getBoundingClientRect();
      player.seek(((event.clientX - box.left) / box.width) * player.duration);
    });
  }

  /** @param {HeardReport} report */
  show(report) {
    this.#report = report;
    this.rows.replaceChildren(...report.classes.map(({ name, mean }) => make('div', { class: 'score-row', 'data-class': name },
      make('span', { title: name }, capital(name)),
      make('canvas', { role: 'img', 'aria-label': `${name}: ${percent(mean)} on average` }),
      make('output', {}, percent(mean)))));
    const sure = report.classes.reduce((sum, { mean }) => sum + mean, 0);
    this.byId('scores-told').textContent = `Class probabilities, 0 to 100 %. The numbers are means over the sound, or values at the cursor.${sure < 0.99 ? ` ${percent(1 - sure)} go to other classes.` : ''}`;
    this.draw();
  }

  draw() {
    const report = this.#report;
    if (!report || !this.box.clientWidth) return;
    const wave = fitClear(this.byId('heard-wave', HTMLCanvasElement));
    if (this.player.samples) drawPeaks(wave, peaks(this.player.samples, Math.round(wave.width / 2)), colour('--dim'));
    findAll(this.rows, 'canvas', HTMLCanvasElement).forEach((canvas, i) => drawCurve(canvas, report, report.classes[i].over_time));
  }

  /**
   * What the model is surest of at a moment, in words; the rows tell their numbers.
   *
   * @param {number} time  seconds
   */
  at(time) {
    if (!this.#report) return '';
    const { times, classes, seconds } = this.#report;
    const moment = times.reduce((best, one, i) => (Math.abs(one - time) < Math.abs(times[best] - time) ? i : best), 0);
    this.box.style.setProperty('--part', Math.min(1, time / seconds).toFixed(4));
    this.box.classList.toggle('there', time > 0);
    const surest = classes.reduce((best, one) => (one.over_time[moment] > best.over_time[moment] ? one : best));
    findAll(this.rows, '.score-row').forEach((row, i) => {
      find(row, 'output').textContent = percent(time > 0 ? classes[i].over_time[moment] : classes[i].mean);
      row.classList.toggle('surest', time > 0 && classes[i] === surest);
    });
    return `${time.toFixed(1)} seconds: ${surest.name}, ${percent(surest.over_time[moment])}`;
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Pick<HeardReport, 'times' | 'seconds'>} report
 * @param {number[]} values  0…1
 */
function drawCurve(canvas, { times, seconds }, values) {
  const { context, width, height, dense } = fitClear(canvas);
  /**
   * @param {number} x
   * @param {number} value
   * @returns {[number, number]}
   */
  const point = (x, value) => [x, height - dense - value * (height - 3 * dense)];
  // The first and the last second have no more than one answer each.
  const points = [
    point(0, values[0]), ...times.map((time, i) => point(Math.min(1, time / seconds) * width, values[i])), point(width, values[values.length - 1]),
  ];
  context.fillStyle = colour('--line');
  context.fillRect(0, height - dense, width, dense);
  paintArea(context, points, { floor: height, shade: 0.45, line: 1.5 * dense });
}
