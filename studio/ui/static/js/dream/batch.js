// Several variations at once: a grid that fills as they come, heard by pointing, kept by a click.

import { drawPeaks, peaks } from '../audio/drawing.js';
import { unlock } from '../audio/context.js';
import { announce } from '../lib/announce.js';
import { colour, fitClear } from '../lib/canvas.js';
import { finder, make, makeButton } from '../lib/dom.js';
import { describe } from '../picker/state.js';
import { vary } from './vary.js';

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('./run.js').RunEvents['part']} Part */

/**
 * As many recipes near the one the page is set to; every second one lies further away.
 *
 * @param {import('../picker/state.js').State} state
 * @param {number} count
 * @param {import('./vary.js').Near} [near]
 * @param {() => number} [chance]
 * @returns {Recipe[]}
 */
export function variations(state, count, near, chance) {
  return Array.from({ length: count }, (_, i) => /** @type {Recipe} */ ({ ...state.recipe, ...state.followed(vary(state, i % 2 === 1, near, chance)) }));
}

/**
 * @param {HTMLElement} root
 * @param {object} parts
 * @param {import('../picker/state.js').State} parts.state
 * @param {import('./run.js').Run} parts.run
 * @param {import('./takes.js').Takes} parts.takes
 * @param {import('./sound-panel.js').SoundPanel} parts.panel
 * @param {import('../audio/player.js').Player} parts.player
 * @param {import('./vary.js').Near} parts.near
 */
export function mountBatch(root, { state, run, takes, panel, player, near }) {
  const byId = finder(root);
  const section = byId('batch');
  const grid = byId('batch-grid');
  /** @type {HTMLElement | null} */
  let heard = null;

  const go = () => {
    unlock();
    if (run.busy) run.stop();
    const recipes = variations(state, Number(byId('batch-count', HTMLSelectElement).value), near);
    grid.replaceChildren(...recipes.map((recipe, i) => make('button', {
      type: 'button', class: `variation ${recipe.dataset}`, disabled: true, 'aria-label': `Variation ${i + 1}, still to come`,
    }, make('canvas', { 'aria-hidden': 'true' }))));
    section.hidden = false;
    run.start(recipes);
  };

  /** @param {Part} made */
  const arrive = made => {
    const place = grid.children[made.part];
    if (!place) return;
    const words = describe(state, made.recipe).targets;
    const tile = makeButton({
      class: `variation ${made.recipe.dataset}`, 'aria-pressed': 'false', 'data-hint': `${words}. A click keeps it as a take.`,
      'aria-label': `Variation ${made.part + 1}: ${words}`,
    }, event => (event instanceof PointerEvent && event.pointerType === 'touch' && heard !== tile ? hear() : keep()),
    make('canvas', { 'aria-hidden': 'true' }), make('span', {}, words));
    const hear = () => {
      if (heard === tile && player.playing) return;
      heard = tile;
      player.load(made.after.samples, made.after.rate, made.after.channels);
      player.play(0);
    };
    const keep = () => {
      if (tile.getAttribute('aria-pressed') === 'true') return;
      const { part, recording, guide, ...dream } = made;
      tile.setAttribute('aria-pressed', 'true');
      const take = takes.add(dream, { recording, guide });
      if (!run.busy) panel.showTake(take);
      announce(`Variation ${part + 1} is a take.`);
    };
    tile.addEventListener('pointerenter', event => event.pointerType === 'mouse' && hear());
    tile.addEventListener('pointerleave', event => event.pointerType === 'mouse' && player.pause());
    tile.addEventListener('focus', () => tile.matches(':focus-visible') && hear());
    tile.addEventListener('blur', () => heard === tile && player.pause());
    const focused = document.activeElement === place;
    place.replaceWith(tile);
    if (focused) tile.focus();
    const surface = fitClear(/** @type {HTMLCanvasElement} */ (tile.firstElementChild));
    drawPeaks(surface, peaks(made.after.samples, surface.width), colour('--accent'));
  };

  byId('batch-go').addEventListener('click', go);
  byId('batch-close').addEventListener('click', () => {
    player.pause();
    section.hidden = true;
    grid.replaceChildren();
  });
  run.on('part', arrive);
}
