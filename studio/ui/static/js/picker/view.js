// What a picker looks at: the layer whose maps are shown, and whether clicks add or replace.

import { Emitter } from '../lib/bus.js';
import { contract } from '../lib/contract.js';
import { toast } from '../lib/toast.js';

const MOST = contract.limits.targets ?? 32; // where the studio sets no limit, what fits the page

/** @typedef {import('../lib/types.js').Target} Target */
/** @typedef {import('./state.js').State} State */

/** @extends {Emitter<{ layer: void, several: void }>} */
export class View extends Emitter {
  /** @param {State} state */
  constructor(state) {
    super();
    this.state = state;
    this.layer = state.recipe.targets[0][0];
    this.several = state.recipe.targets.length > 1;
    state.watch(['targets', 'architecture', 'dataset'], source => {
      if (source === this) return;
      const { targets } = state.recipe;
      this.several = targets.length > 1;
      this.emit('several');
      if (!targets.some(([layer]) => layer === this.layer)) this.show(targets[0][0]);
    });
  }

  /** @param {number} layer */
  show(layer) {
    this.layer = layer;
    this.emit('layer');
  }

  /** @param {number} layer */
  chooseLayer(layer) {
    this.show(layer);
    if (this.several) return;
    const [, map] = this.state.recipe.targets[0];
    this.#move(layer, map === null ? null : Math.min(map, this.state.layers[layer].channels - 1));
  }

  /** @param {boolean} several */
  setSeveral(several) {
    this.several = several;
    const { targets } = this.state.recipe;
    if (!several && targets.length > 1) this.state.set({ targets: targets.slice(-1) });
    this.emit('several');
  }

  /**
   * @param {number} layer
   * @param {number | null} map
   * @param {boolean} adding
   */
  toggle(layer, map, adding) {
    const { targets } = this.state.recipe;
    const at = targets.findIndex(target => target[0] === layer && target[1] === map);
    if (!adding) this.#move(layer, map);
    else if (at >= 0) this.drop(at);
    else if (targets.length >= MOST) toast(`${MOST} feature maps are the most that can be mixed. Remove one first.`, { kind: 'error' });
    else this.state.set({ targets: [...targets, [layer, map, 1]] }, this);
  }

  /**
   * The last one stays: a dream needs something to dream of.
   *
   * @param {number} index
   */
  drop(index) {
    const { targets } = this.state.recipe;
    if (targets.length > 1) this.state.set({ targets: targets.filter((_, i) => i !== index) }, this);
  }

  /**
   * @param {number} index
   * @param {number} weight
   */
  weigh(index, weight) {
    const targets = this.state.recipe.targets.map((target, i) => {
      const [layer, map, , ...measure] = target;
      return i === index ? /** @type {Target} */ ([layer, map, weight, ...measure]) : target;
    });
    this.state.set({ targets }, this);
  }

  /**
   * Another map in the place of the one that is taken: its weight and what is asked of it stay.
   *
   * @param {number} layer
   * @param {number | null} map
   */
  #move(layer, map) {
    const { targets } = this.state.recipe;
    const [, , ...rest] = targets[targets.length - 1];
    this.state.set({ targets: [[layer, map, ...rest]] }, this);
  }
}
