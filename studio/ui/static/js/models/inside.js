// Which model is looked into, which of its layers, and how its parts are called.

import { Emitter } from '../lib/bus.js';

/**
 * What a model did on recordings that it had not heard, by length of hearing.
 *
 * @typedef {{ accuracy: number }} Test
 */

/**
 * One model of `studio/inside/models.json`.
 *
 * @typedef {object} ModelReport
 * @property {string} name
 * @property {string} dataset
 * @property {string} architecture
 * @property {string} label  of the architecture
 * @property {string[]} classes
 * @property {number[]} channels  of every layer
 * @property {number[]} lengths  of every layer, for a second of sound
 * @property {number} parameters
 * @property {number} chance
 * @property {Record<string, Test>} [test]
 * @property {number} [train_accuracy]
 * @property {{ test_accuracy?: number, data?: string }} [paper]
 * @property {Record<string, any>} data
 * @property {number} [epochs]
 * @property {number} [epochs_planned]
 * @property {{ train: [epoch: number, share: number][], test: [epoch: number, share: number][] }} curve
 */

/** @extends {Emitter<{ model: void, layer: void }>} */
export class Inside extends Emitter {
  layer = 0;

  /** @param {ModelReport[]} models */
  constructor(models) {
    super();
    this.models = models;
    this.model = models[0];
  }

  get layers() {
    return this.model.channels.length;
  }

  /** @param {string} [name] */
  choose(name) {
    const model = this.models.find(one => one.name === name);
    if (!model || model === this.model) return;
    this.model = model;
    this.layer = Math.min(this.layer, this.layers - 1);
    this.emit('model');
    this.emit('layer');
  }

  /** @param {number} layer */
  chooseLayer(layer) {
    if (layer === this.layer || layer < 0 || layer >= this.layers) return;
    this.layer = layer;
    this.emit('layer');
  }

  /**
   * The maps of the last layer are the classes.
   *
   * @param {number} layer
   * @param {number} map
   */
  mapName(layer, map) {
    return layer === this.layers - 1 ? this.model.classes[map] : `map ${map}`;
  }

  /**
   * Call `listener` now and whenever another model is looked into.
   *
   * @param {() => void} listener
   */
  watchModel(listener) {
    this.on('model', listener);
    listener();
  }
}
