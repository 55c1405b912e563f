// Figures 10 to 13: one cursor runs through all of them, and the values stand beside it.

import { Emitter } from '../lib/bus.js';
import { PlayedFigure } from './played-figure.js';

const NUMBERS = [10, 11, 12, 13];

/** @extends {Emitter<import('./figure.js').FigureEvents>} */
export class Figures extends Emitter {
  /**
   * @param {HTMLElement} root
   * @param {Record<string, string>} labels  of the runs
   * @param {import('./results.js').Given} given
   */
  constructor(root, labels, given) {
    super();
    this.seconds = 0;
    this.figures = NUMBERS.map(number => new PlayedFigure(number, labels, given));
    root.replaceChildren(...this.figures.map(({ element }) => element));
    for (const figure of this.figures) {
      figure.on('seek', seconds => this.emit('seek', seconds));
      figure.on('step', seconds => this.emit('step', seconds));
      figure.on('toggle', () => this.emit('toggle'));
      figure.on('drawn', () => figure.put(this.seconds));
      // What one shows, all show.
      figure.on('zoom', range => this.figures.forEach(other => other.zoom(range)));
    }
  }

  /** @param {number} seconds */
  put(seconds) {
    this.seconds = seconds;
    for (const figure of this.figures) figure.put(seconds);
  }

  /** @param {Set<string>} shown */
  show(shown) {
    for (const figure of this.figures) figure.show(shown);
  }

  /** @param {string} run */
  highlight(run) {
    for (const figure of this.figures) figure.highlight(run);
  }
}
