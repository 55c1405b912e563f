// What a model takes a sound for, as time goes on: one row per class, a curve each.

import { colour, fit } from '../lib/canvas.js';
import { drawPeaks, peaks } from '../audio/drawing.js';
import { make } from '../lib/make.js';
import { capital } from '../lib/words.js';
import { paintArea } from './area.js';
import { percent } from './inside.js';

export class Scores {
  constructor(root, player) {
    Object.assign(this, { root, player });
    this.find = id => root.querySelector(`#${id}`);
    this.box = this.find('scores');
    this.moment = -1;
    new ResizeObserver(() => this.draw()).observe(this.box);
    window.addEventListener('studio-theme', () => this.draw());
    this.find('score-rows').addEventListener('pointerdown', event => {
      const canvas = event.target.closest('canvas');
      if (!canvas) return;
      const box = canvas.getBoundingClientRect();
      player.seek(((event.clientX - box.left) / box.width) * player.duration);
    });
  }

  show(report) {
    this.report = report;
    this.moment = -1;
    this.find('score-rows').replaceChildren(...report.classes.map(({ name, mean }) => make('div', { class: 'score-row', 'data-class': name },
      make('span', { title: name }, capital(name)),
      make('canvas', { role: 'img', 'aria-label': `${name}: ${percent(mean)} on average` }),
      make('output', {}, percent(mean)))));
    const sure = report.classes.reduce((sum, { mean }) => sum + mean, 0);
    this.find('scores-told').textContent = `How sure the network is, from 0 to 100 %; the numbers are means, or the moment under the cursor.${sure < 0.99 ? ` ${percent(1 - sure)} go to other classes.` : ''}`;
    this.draw();
  }

  draw() {
    if (!this.report || !this.box.clientWidth) return;
    const wave = this.find('heard-wave');
    const { context, width, height } = fit(wave);
    context.clearRect(0, 0, width, height);
    if (this.player.samples) drawPeaks(context, peaks(this.player.samples, Math.round(width / 2)), width, height, colour('--dim'));
    for (const [i, row] of [...this.find('score-rows').children].entries()) this.#curve(row.querySelector('canvas'), this.report.classes[i].over_time);
  }

  // What the model is surest of at a moment, in words; the rows tell their numbers.
  at(time) {
    if (!this.report) return '';
    const { times, classes } = this.report;
    const moment = times.reduce((best, one, i) => (Math.abs(one - time) < Math.abs(times[best] - time) ? i : best), 0);
    this.box.style.setProperty('--part', Math.min(1, time / this.report.seconds).toFixed(4));
    this.box.classList.toggle('there', time > 0);
    const surest = classes.reduce((best, one) => (one.over_time[moment] > best.over_time[moment] ? one : best));
    for (const [i, row] of [...this.find('score-rows').children].entries()) {
      const value = time > 0 ? classes[i].over_time[moment] : classes[i].mean;
      row.querySelector('output').textContent = percent(value);
      row.classList.toggle('surest', time > 0 && classes[i] === surest);
    }
    return `${time.toFixed(1)} seconds: ${surest.name}, ${percent(surest.over_time[moment])}`;
  }

  #curve(canvas, values) {
    const { context, width, height, dense } = fit(canvas);
    const { times, seconds } = this.report;
    context.clearRect(0, 0, width, height);
    const up = value => height - dense - value * (height - 3 * dense);
    // The first and the last second have no more than one answer each.
    const points = [[0, values[0]], ...times.map((time, i) => [Math.min(1, time / seconds) * width, values[i]]), [width, values.at(-1)]];
    context.fillStyle = colour('--line');
    context.fillRect(0, height - dense, width, dense);
    paintArea(context, points.map(([x, value]) => [x, up(value)]), { floor: height, shade: 0.45, line: 1.5 * dense });
  }
}
