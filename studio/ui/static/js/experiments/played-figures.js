// Figures 10 to 13: one cursor runs through all of them, and the values stand beside it.

import { make, tidy } from '../lib/make.js';

const FIGURES = { 10: 'loudness', 11: 'brightness', 12: 'noisiness', 13: 'roughness' };
const STEPS = { ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };

export class Figures extends EventTarget {
  constructor(root, runs, curves, curveSeconds) {
    super();
    this.runs = runs;
    this.root = root;
    this.curveSeconds = curveSeconds;
    this.values = new Map();
    for (const row of curves) {
      if (!this.values.has(row.run)) this.values.set(row.run, []);
      this.values.get(row.run).push(row);
    }
    this.places = [];
    this.seconds = 0;
  }

  async draw(baseUrl) {
    const drawn = await Promise.all(Object.keys(FIGURES).map(number => this.#figure(number, baseUrl)));
    this.places = drawn.filter(place => place.cursor);
    this.root.replaceChildren(...drawn.map(({ place }) => place));
  }

  async #figure(number, baseUrl) {
    const address = new URL(`experiments/parameters/figure-${number}.svg`, baseUrl);
    const place = make('figure', { class: 'played-figure', tabindex: '0', id: `figure-${number}`, 'aria-label': `Figure ${number}. Arrow keys move the cursor, Space plays.` });
    const answer = await fetch(address);
    if (!answer.ok) {
      place.append(make('figcaption', {}, `Figure ${number} is not drawn yet.`));
      return { place };
    }
    place.innerHTML = await answer.text();
    const drawing = place.querySelector('svg');
    const reading = make('output', { class: 'reading' });
    place.append(make('figcaption', {}, make('b', {}, `Figure ${number}`), reading, make('a', { href: address.href, download: '' }, 'SVG')));
    const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    cursor.setAttribute('class', 'cursor');
    drawing.append(cursor);
    this.#follow(place, drawing);
    return { place, drawing, cursor, reading, feature: FIGURES[number] };
  }

  #follow(place, drawing) {
    const { left, right, seconds } = drawing.dataset;
    const secondsAt = event => {
      const box = drawing.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * drawing.viewBox.baseVal.width;
      const share = (x - Number(left)) / (Number(right) - Number(left));
      return Math.min(Math.max(share, 0), 1) * Number(seconds);
    };
    const seek = event => this.dispatchEvent(new CustomEvent('seek', { detail: secondsAt(event) }));
    drawing.addEventListener('pointerdown', event => {
      if (event.pointerType === 'mouse') drawing.setPointerCapture(event.pointerId);
      seek(event);
    });
    drawing.addEventListener('pointermove', event => {
      if (event.buttons) seek(event);
    });
    place.addEventListener('keydown', event => {
      if (event.target !== place) return;
      if (event.key === ' ') this.dispatchEvent(new Event('toggle'));
      else if (event.key in STEPS) this.dispatchEvent(new CustomEvent('step', { detail: STEPS[event.key] * (event.shiftKey ? 10 : 1) }));
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  put(seconds, shown) {
    this.seconds = seconds;
    const index = Math.floor(seconds / this.curveSeconds);
    for (const { drawing, cursor, reading, feature } of this.places) {
      const { left, right, top, bottom, seconds: all } = drawing.dataset;
      const x = Number(left) + seconds / Number(all) * (right - left);
      cursor.setAttribute('d', `M${x.toFixed(1)} ${top}V${bottom}`);
      if (reading.dataset.index === `${index} ${[...shown]}`) continue;
      reading.dataset.index = `${index} ${[...shown]}`;
      reading.replaceChildren(...[...this.values].filter(([run]) => shown.has(run)).map(([run, rows]) => make('span', { 'data-run': run, title: this.runs[run].label },
        make('i', { class: 'swatch', role: 'img', 'aria-label': this.runs[run].label }), tidy((rows[index] || rows.at(-1))[feature]))));
    }
  }

  show(shown) {
    for (const curve of this.root.querySelectorAll('.curve')) curve.toggleAttribute('data-off', !shown.has(curve.dataset.name));
  }

  highlight(run) {
    for (const curve of this.root.querySelectorAll('.curve')) {
      curve.toggleAttribute('data-lit', curve.dataset.name === run);
      curve.toggleAttribute('data-dim', Boolean(run) && curve.dataset.name !== run);
    }
  }
}
