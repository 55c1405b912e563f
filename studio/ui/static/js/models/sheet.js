// One map: the tone it likes, its response over frequency, its filter, how it dreams.

import { colour, fit } from '../lib/canvas.js';
import { capital } from '../lib/words.js';
import { paintArea } from './area.js';
import { note, pitch } from './inside.js';

const LOWEST_DB = -40;
const RATE = 44100;

export class MapSheet {
  constructor(section, inside, voices) {
    Object.assign(this, { inside, voices });
    this.find = id => section.querySelector(`#${id}`);
    this.tone = new Tone();
    this.find('map-tone').addEventListener('click', () => this.shown && this.tone.play(this.shown.best));
    this.find('map-open').addEventListener('click', () => this.shown && voices.open(inside.model, this.shown.layer, this.shown.map));
  }

  show(map) {
    this.shown = map;
    const { inside } = this;
    const name = inside.mapName(map.layer, map.map);
    this.find('map-name').textContent = capital(name);
    this.find('map-told').textContent = `${map.filters ? 'Its filter peaks at' : 'Responds most to'} ${pitch(map.best)}, near the note ${note(map.best)}.`;
    this.find('map-tone').lastChild.textContent = `Its tone, ${pitch(map.best)}`;
    this.find('map-dream').replaceChildren(this.voices.button(inside.model, map.layer, map.map, name, 'Its dream'));
    this.find('map-filter').hidden = !map.taps;
    if (map.taps) this.find('map-filter-told').textContent = `Its filter: ${map.taps.length} numbers, ${(1000 * map.taps.length / RATE).toFixed(1)} ms long. It slides along the sound and looks for this shape.`;
    this.draw();
  }

  draw() {
    if (!this.shown || !this.find('map-curve').clientWidth) return;
    this.#curve();
    if (this.shown.taps) this.#filter();
  }

  #curve() {
    const { levels, best, hertz } = this.shown;
    const canvas = this.find('map-curve');
    canvas.setAttribute('aria-label', `Response over frequency, greatest at ${pitch(best)}`);
    const { context, width, height, dense } = fit(canvas);
    context.clearRect(0, 0, width, height);
    const below = 18 * dense;
    const inner = height - below;
    context.font = `${10.5 * dense}px ${getComputedStyle(canvas).fontFamily}`;
    context.fillStyle = colour('--dim');
    context.strokeStyle = colour('--line');
    context.lineWidth = dense;
    const across = hz => Math.log(hz / hertz[0]) / Math.log(hertz.at(-1) / hertz[0]) * width;
    for (const hz of [100, 1000, 10000]) {
      const x = across(hz);
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, inner);
      context.stroke();
      context.textAlign = 'center';
      context.fillText(pitch(hz), x, height - 4 * dense);
    }
    const points = levels.map((level, i) => [across(hertz[i]), 6 * dense + Math.min(1, level / LOWEST_DB) * (inner - 8 * dense)]);
    paintArea(context, points, { floor: inner, shade: 0.2, line: 1.8 * dense });
  }

  #filter() {
    const { taps } = this.shown;
    const { context, width, height, dense } = fit(this.find('map-taps'));
    context.clearRect(0, 0, width, height);
    context.strokeStyle = colour('--line');
    context.lineWidth = dense;
    context.beginPath();
    context.moveTo(0, height / 2);
    context.lineTo(width, height / 2);
    context.stroke();
    const most = Math.max(...taps.map(Math.abs)) || 1;
    context.strokeStyle = colour('--text');
    context.lineWidth = 1.6 * dense;
    context.lineJoin = 'round';
    context.beginPath();
    taps.forEach((tap, i) => context.lineTo((i / (taps.length - 1)) * width, height / 2 - (tap / most) * (height / 2 - 4 * dense)));
    context.stroke();
  }
}

// A short sine, quiet, and softer where the ear is keen.
class Tone {
  play(hz) {
    const Context = window.AudioContext || window.webkitAudioContext;
    this.context ||= new Context();
    this.context.resume();
    this.stop?.();
    const now = this.context.currentTime;
    const gain = this.context.createGain();
    const source = this.context.createOscillator();
    const level = hz < 150 ? 0.3 : hz > 1500 ? 0.08 : 0.16;
    source.frequency.value = hz;
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(level, now + 0.03);
    gain.gain.setValueAtTime(level, now + 0.7);
    gain.gain.linearRampToValueAtTime(0, now + 0.85);
    source.connect(gain).connect(this.context.destination);
    source.start(now);
    source.stop(now + 0.9);
    this.stop = () => gain.disconnect();
  }
}
