// What is taken, as chips: each with its weight and the way out of the mix.

import { contract } from '../lib/contract.js';
import { find, make, makeButton } from '../lib/dom.js';
import { format, parse } from '../lib/numbers.js';
import { toast } from '../lib/toast.js';
import { asked, measureOf, weightOf } from './targets.js';

const MIXED = 'How much this map counts beside the others. A weight below 0 avoids it.';
const ALONE = 'Of a map alone, only the sign of its weight counts: every step has the same size. Below 0 the dream avoids the map. In a mix the number counts, too.';
const MOST_WEIGHT = contract.recipe.targets.most_weight;
const LEAST_SLID = 0.1; // a weight is never 0

/** @typedef {import('../lib/types.js').Target} Target */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./view.js').View} View */
/** @typedef {{ element: HTMLElement, show: (target: Target) => void }} Chip */

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {View} view
 */
export function mountChips(root, state, view) {
  /** @type {Chip[]} */
  let chips = [];
  let shape = '';
  state.watch(['targets', 'dataset', 'architecture'], () => {
    const { targets, dataset, architecture } = state.recipe;
    const next = JSON.stringify([dataset, architecture, targets.map(([layer, map, , measure]) => [layer, map, measure])]);
    if (next !== shape) {
      chips = targets.map((target, index) => chip(target, index, targets.length === 1));
      root.replaceChildren(...chips.map(({ element }) => element));
      shape = next;
    }
    targets.forEach((target, index) => chips[index].show(target));
  });

  /**
   * @param {Target} target
   * @param {number} index
   * @param {boolean} alone
   * @returns {Chip}
   */
  function chip([layer, map], index, alone) {
    const name = map === null ? 'all maps' : state.names(layer)?.[map] || `map ${map}`;
    const label = `layer ${layer}, ${name}`;
    const words = make('small');
    const go = makeButton({ class: 'go-to' }, () => view.show(layer), make('span', {}, `${layer} · ${name}`), words);
    const value = make('input', { type: 'text', inputmode: 'decimal', class: 'value', 'aria-label': `Weight of ${label}` });
    const weightNow = () => weightOf(state.recipe.targets[index]);
    /** @param {number} number */
    const weigh = number => {
      if (Number.isFinite(number) && number !== 0 && Math.abs(number) <= MOST_WEIGHT) {
        view.weigh(index, number);
        return;
      }
      value.value = format(weightNow());
      toast('A weight is a number other than 0; negative weights avoid a map.', { kind: 'error' });
    };
    value.addEventListener('change', () => weigh(parse(value.value)));
    const avoid = makeButton({ class: 'pill avoid', 'aria-label': `Avoid ${label}` }, () => weigh(-weightNow()), 'Avoid');
    const slide = make('input', { type: 'range', min: -2, max: 2, step: 0.1, 'aria-label': `Weight of ${label}` });
    slide.addEventListener('change', () => weigh(Number(slide.value) || LEAST_SLID));
    slide.addEventListener('input', () => { value.value = format(Number(slide.value) || LEAST_SLID); });
    const drop = () => {
      view.drop(index);
      find(root.children[Math.min(index, root.children.length - 1)], '.drop-it, .go-to').focus();
    };
    const element = make('div', { class: alone ? 'chip alone' : 'chip', 'data-hint': alone ? ALONE : MIXED },
      go, alone ? avoid : slide, value,
      !alone && makeButton({ class: 'ghost drop-it', 'aria-label': `Remove ${label}` }, drop, '×'));
    return {
      element,
      show(target) {
        const weight = weightOf(target);
        const isClass = Boolean(state.layers[layer]?.output) && map !== null;
        words.textContent = target[3] ? asked(measureOf(target), weight, isClass) : '';
        go.title = [`Layer ${layer}, ${name}`, words.textContent].filter(Boolean).join(': ');
        avoid.setAttribute('aria-pressed', String(weight < 0));
        slide.value = String(weight);
        value.value = format(weight);
      },
    };
  }
}
