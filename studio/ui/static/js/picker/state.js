// What the page is set to: a recipe, the recording it starts from, and the models there are.

import { contract, SAMPLE_RATE } from '../lib/contract.js';
import { Emitter } from '../lib/bus.js';
import { datasetLabel } from '../lib/datasets.js';
import { NO_GUIDE } from '../lib/words.js';
import { carried, fittingCurves } from './target-curves.js';
import { measureOf, MEASURES, needsGuide, targetOf } from './targets.js';

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('../lib/types.js').Recording} Recording */
/** @typedef {import('../lib/types.js').Recordings} Recordings */
/** @typedef {import('../lib/types.js').Guide} Guide */
/** @typedef {import('../lib/types.js').Model} Model */
/** @typedef {import('../lib/types.js').Architecture} Architecture */
/** @typedef {import('../lib/types.js').Layer} Layer */
/** @typedef {import('../lib/types.js').Measure} Measure */
/** @typedef {import('../lib/types.js').Target} Target */

/**
 * Who made a change: so that nobody answers to its own, and none that came from the studio is sent back.
 *
 * @typedef {object | 'studio' | null} Source
 */

/**
 * @typedef {object} Snapshot
 * @property {Recipe} recipe
 * @property {Recording | null} recording
 * @property {Guide | null} [guide]
 */

/**
 * What a change made by hand brings with it, such as a length that loops. A recipe that is loaded
 * keeps its own values.
 *
 * @typedef {object} Rule
 * @property {(after: Recipe, changes: Partial<Recipe>, before: Recipe) => Partial<Recipe>} follow
 * @property {() => void} [forget]  a recipe is loaded
 */

export const FIRST_GUIDE = 'tone';

/** @extends {Emitter<{ change: { fields: string[], source: Source } }>} */
export class State extends Emitter {
  /** @type {Recording | null} */
  recording = null;
  /**
   * The latest recording that was a guide.
   *
   * @type {Guide | null}
   */
  guide = null;
  /** @type {Rule[]} */
  rules = [];

  /**
   * @param {object} about
   * @param {Model[]} about.models
   * @param {Record<string, Architecture>} about.architectures
   * @param {Recipe} about.first  the recipe to begin with
   * @param {Recipe} [about.defaults]
   * @param {Measure[]} [about.measures]  what may be asked of a map here
   */
  constructor({ models, architectures, first, defaults = first, measures = MEASURES }) {
    super();
    this.measures = measures;
    this.models = models;
    this.architectures = architectures;
    this.recipe = first;
    this.defaults = defaults;
  }

  get model() {
    const { dataset, architecture } = this.recipe;
    return this.models.find(model => model.dataset === dataset && model.architecture === architecture);
  }

  /**
   * Layers of the chosen network, the log-softmax included.
   *
   * @returns {Layer[]}
   */
  get layers() {
    const { convolutions } = this.architectures[this.recipe.architecture];
    const channels = this.model?.channels || convolutions.map(() => 1);
    let length = Math.round(this.recipe.seconds * SAMPLE_RATE);
    /** @type {Layer[]} */
    const layers = convolutions.map(([kernel, stride, padding], i) => {
      length = Math.floor((length + 2 * padding - kernel) / stride) + 1;
      return { length, channels: channels[i], label: String(i) };
    });
    layers.push({ length: 1, channels: channels[channels.length - 1], label: String(convolutions.length), output: true });
    return layers;
  }

  /**
   * Class names where the maps of a layer are classes.
   *
   * @param {number} layer
   */
  names(layer) {
    return layer >= this.layers.length - 2 ? this.model?.classes || null : null;
  }

  // The recording that is the guide now, or null.
  get guideRecording() {
    return this.guide && this.recipe.guide === this.guide.name ? this.guide : null;
  }

  /**
   * @param {Partial<Recipe>} changes
   * @param {Source} [source]
   */
  set(changes, source = null) {
    const all = this.followed(changes);
    this.#become(/** @type {Recipe} */ ({ ...this.recipe, ...all }), Object.keys(all), source);
  }

  /**
   * Changes, and what they bring with them.
   *
   * @param {Partial<Recipe>} changes
   * @returns {Partial<Recipe>}
   */
  followed(changes) {
    const before = this.recipe;
    return this.rules.reduce((all, rule) => ({
      ...all, ...rule.follow(/** @type {Recipe} */ ({ ...before, ...all }), all, before),
    }), changes);
  }

  /**
   * Start from a recording, or (null) from a built-in sound again.
   *
   * @param {Recording | null} recording
   * @param {Partial<Recipe>} changes
   */
  setRecording(recording, changes) {
    this.recording = recording;
    const all = this.followed(changes);
    this.#become(/** @type {Recipe} */ ({ ...this.recipe, ...all }), ['recording', ...Object.keys(all)]);
  }

  /**
   * Be guided by a recording.
   *
   * @param {Guide} recording
   */
  setGuide(recording) {
    this.guide = recording;
    this.#become({ ...this.recipe, guide: recording.name }, ['guide']);
  }

  /**
   * Everything at once, as from a file or a surprise, with its recordings where they are here.
   *
   * @param {Partial<Recipe>} recipe
   * @param {Recordings} [recordings]
   */
  replace(recipe, { recording = null, guide = null } = {}) {
    this.restore({ recipe: /** @type {Recipe} */ ({ ...this.recipe, ...this.#unsaid(), ...recipe }), recording, guide });
  }

  /**
   * As it was before: with its recordings, if it had any.
   *
   * @param {Snapshot} snapshot
   * @param {Source} [source]
   */
  restore({ recipe, recording, guide = null }, source = null) {
    this.recording = recording;
    this.guide = guide;
    for (const rule of this.rules) rule.forget?.();
    const whole = { ...this.#unsaid(), ...recipe };
    this.#become(whole, ['recording', 'dataset', ...Object.keys(whole)], source);
  }

  /**
   * What holds of every recipe on the page, wherever it comes from: nothing is asked of a map that
   * cannot be asked here, and a guide is named exactly when a target needs one.
   *
   * @param {Recipe} recipe
   * @returns {Recipe}
   */
  settled(recipe) {
    const kept = { ...recipe, ...this.measured(recipe) };
    const stages = recipe.stages?.map(changes => this.measured(changes));
    if (stages?.some((changes, i) => changes !== recipe.stages?.[i])) kept.stages = stages;
    if (kept.curves?.length) kept.curves = fittingCurves(kept.targets, kept.curves, this.layers.length - 1);
    const named = (recipe.guide ?? NO_GUIDE) !== NO_GUIDE;
    if (needsGuide(kept) !== named) kept.guide = named ? NO_GUIDE : this.guide?.name || FIRST_GUIDE;
    return kept;
  }

  /**
   * The same settings where all of it can be asked here; else the paper's response stands in.
   *
   * @template {{ targets?: Target[] }} Settings
   * @param {Settings} settings
   * @returns {Settings}
   */
  measured(settings) {
    /** @param {Target} target */
    const fits = target => this.measures.includes(measureOf(target));
    if (!settings.targets || settings.targets.every(fits)) return settings;
    return { ...settings, targets: settings.targets.map(target => (fits(target) ? target : targetOf(target[0], target[1], target[2]))) };
  }

  /**
   * Call `listener` now and whenever one of `fields` changes.
   *
   * @param {string[]} fields
   * @param {(source: Source) => void} listener
   * @param {{ signal?: AbortSignal }} [options]
   */
  watch(fields, listener, options) {
    this.on('change', ({ fields: changed, source }) => {
      if (fields.some(field => changed.includes(field))) listener(source);
    }, options);
    listener(null);
  }

  /**
   * @param {Recipe} recipe
   * @param {string[]} fields
   * @param {Source} [source]
   */
  #become(recipe, fields, source = null) {
    const before = this.recipe;
    this.recipe = recipe;
    if (fields.includes('dataset') || fields.includes('architecture')) this.#keepTargetsInside();
    const { targets, curves } = this.recipe;
    if (curves?.length && curves === before.curves && targets !== before.targets) this.recipe = { ...this.recipe, curves: carried(targets, before) };
    this.recipe = this.settled(this.recipe);
    const moved = Object.keys(this.recipe).filter(name => this.recipe[name] !== before[name]);
    this.emit('change', { fields: [...new Set([...fields, ...moved])], source });
  }

  // What a recipe leaves out where it has the default.
  #unsaid() {
    return Object.fromEntries(contract.recipe.unsaid.filter(name => name in this.defaults).map(name => [name, this.defaults[name]]));
  }

  #keepTargetsInside() {
    const { targets, stages } = this.recipe;
    this.recipe = { ...this.recipe, targets: this.#inside(targets) };
    if (!stages?.length) return;
    const kept = stages.map(changes => (changes.targets ? { ...changes, targets: this.#inside(changes.targets) } : changes));
    this.recipe = { ...this.recipe, stages: kept };
  }

  /**
   * Targets that the chosen network has.
   *
   * @param {Target[]} targets
   * @returns {Target[]}
   */
  #inside(targets) {
    const { layers } = this;
    const inside = targets.map(([layer, map, ...rest]) => {
      const kept = Math.min(layer, layers.length - 1);
      return /** @type {Target} */ ([kept, map === null ? null : Math.min(map, layers[kept].channels - 1), ...rest]);
    });
    const unique = new Map(inside.map(target => [`${target[0]}/${target[1]}/${target[3] || ''}`, target]));
    return [...unique.values()];
  }
}

/**
 * A recipe's model and targets in words.
 *
 * @param {Pick<State, 'architectures' | 'models'>} state
 * @param {Pick<Recipe, 'dataset' | 'architecture' | 'targets'>} recipe
 * @returns {import('../lib/types.js').Described}
 */
export function describe(state, recipe) {
  const network = state.architectures[recipe.architecture]?.label || recipe.architecture;
  const model = state.models.find(m => m.dataset === recipe.dataset && m.architecture === recipe.architecture);
  const parts = recipe.targets.slice(0, 2).map(([layer, map]) => {
    if (map === null) return `layer ${layer}, all maps`;
    const classes = model && layer >= model.channels.length - 1 ? model.classes : null;
    return `layer ${layer}, ${classes ? classes[map] : `map ${map}`}`;
  });
  if (recipe.targets.length > 2) parts.push(`${recipe.targets.length - 2} more`);
  return { model: `${datasetLabel(recipe.dataset)} · ${network}`, targets: parts.join(' + ') };
}

/**
 * What of a recipe is not here, as the end of a sentence; '' where all of it is.
 *
 * @param {Pick<Model, 'dataset' | 'architecture' | 'channels'>[]} models
 * @param {Pick<Recipe, 'dataset' | 'architecture' | 'targets' | 'stages'>} recipe
 */
export function lackOf(models, { dataset, architecture, targets, stages }) {
  const name = `${dataset}-${architecture}`;
  const model = models.find(m => m.dataset === dataset && m.architecture === architecture);
  if (!model) return `the model ${name} is not here: add its files, or choose another.`;
  const { channels } = model;
  const all = [...targets, ...(stages || []).flatMap(changes => changes.targets || [])];
  const lost = all.find(([layer, map]) => layer > channels.length || (map ?? -1) >= channels[Math.min(layer, channels.length - 1)]);
  if (!lost) return '';
  const what = lost[0] > channels.length ? `layer ${lost[0]}` : `map ${lost[1]} in layer ${lost[0]}`;
  return `${name} has no ${what} here: the nearest stands in.`;
}
