// Four small curves: how the dream's features go while it grows.

import { colour, fit } from '../lib/canvas.js';
import { reading } from '../lib/numbers.js';

const LOGARITHMIC = new Set(['noisiness']);
const LEAST_SPAN = { loudness: 0.05, brightness: 400, noisiness: 1, roughness: 0.005 };

export class Curves {
  constructor(root) {
    this.figures = [...root.querySelectorAll('figure')].map(figure => ({
      feature: figure.dataset.feature,
      canvas: figure.querySelector('canvas'),
      output: figure.querySelector('output'),
    }));
    this.trace = null;
    this.draws = 0;
    new ResizeObserver(() => this.draw()).observe(root);
    window.addEventListener('studio-theme', () => this.draw());
  }

  show(trace, iterations) {
    this.trace = trace;
    this.iterations = iterations;
    this.draw();
  }

  draw() {
    const [line, faint] = ['--accent', '--line'].map(colour);
    for (const figure of this.figures) this.#drawOne(figure, line, faint);
    if (this.trace) this.draws += 1;
  }

  #drawOne({ feature, canvas, output }, line, faint) {
    const { context, width, height, dense } = fit(canvas);
    context.clearRect(0, 0, width, height);
    context.strokeStyle = faint;
    context.lineWidth = dense;
    context.beginPath();
    context.moveTo(0, height - dense);
    context.lineTo(width, height - dense);
    context.stroke();
    const values = this.trace?.[feature] || [];
    output.textContent = values.length ? reading[feature](values.at(-1)) : '–';
    if (!values.length) return;
    const heights = values.map(value => (LOGARITHMIC.has(feature) ? Math.log10(Math.max(value, 1e-8)) : value));
    const low = Math.min(...heights);
    const span = Math.max(Math.max(...heights) - low, LEAST_SPAN[feature]);
    const margin = 5 * dense;
    const last = Math.max(this.iterations || 1, this.trace.iteration.at(-1));
    const points = heights.map((value, i) => [
      (this.trace.iteration[i] / last) * (width - 2 * margin) + margin,
      height - margin - ((value - low) / span) * (height - 2 * margin),
    ]);
    context.strokeStyle = line;
    context.lineWidth = 1.75 * dense;
    context.lineJoin = 'round';
    context.beginPath();
    points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
    context.fillStyle = line;
    context.beginPath();
    context.arc(...points.at(-1), 3 * dense, 0, 2 * Math.PI);
    context.fill();
  }
}
