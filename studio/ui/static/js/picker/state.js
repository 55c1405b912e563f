// What the page is set to: a recipe, the recording it starts from, and the models there are.

import { datasetLabel } from '../lib/datasets.js';
import { measureOf, MEASURES, needsGuide, targetOf } from './targets.js';

export const FIRST_GUIDE = 'tone';
const UNSAID = ['guide', 'closeness', 'stages'];

export class State extends EventTarget {
  // `measures`: what may be asked of a map here.
  constructor({ models, architectures, first, defaults = first, measures = MEASURES }) {
    super();
    this.measures = measures;
    this.models = models;
    this.architectures = architectures;
    this.recipe = first;
    this.defaults = defaults;
    this.guide = null; // the latest recording that was a guide: {token, name}
    this.recording = null; // {token, name, seconds, peaks, from}
  }

  get model() {
    const { dataset, architecture } = this.recipe;
    return this.models.find(model => model.dataset === dataset && model.architecture === architecture);
  }

  // Layers of the chosen network, the log-softmax included.
  get layers() {
    const convolutions = this.architectures[this.recipe.architecture].convolutions;
    const channels = this.model?.channels || convolutions.map(() => 1);
    let length = Math.round(this.recipe.seconds * 44100);
    const layers = convolutions.map(([kernel, stride, padding], i) => {
      length = Math.floor((length + 2 * padding - kernel) / stride) + 1;
      return { length, channels: channels[i], label: String(i) };
    });
    layers.push({ length: 1, channels: channels.at(-1), label: String(convolutions.length), output: true });
    return layers;
  }

  // Class names where the maps of a layer are classes.
  names(layer) {
    return layer >= this.layers.length - 2 ? this.model?.classes || null : null;
  }

  // The recording that is the guide now, or null.
  get guideRecording() {
    return this.guide && this.recipe.guide === this.guide.name ? this.guide : null;
  }

  set(changes, source = null) {
    this.#become({ ...this.recipe, ...changes }, Object.keys(changes), source);
  }

  // Start from a recording, or (null) from a built-in sound again.
  setRecording(recording, changes) {
    this.recording = recording;
    this.#become({ ...this.recipe, ...changes }, ['recording', ...Object.keys(changes)]);
  }

  // Be guided by a recording, or (null) by a built-in sound.
  setGuide(recording, name = recording.name) {
    this.guide = recording;
    this.#become({ ...this.recipe, guide: name }, ['guide']);
  }

  // Everything at once, as from a file or a surprise, with its recordings where they are here.
  replace(recipe, { recording = null, guide = null } = {}) {
    this.restore({ recipe: { ...this.recipe, ...this.#unsaid(), ...recipe }, recording, guide });
  }

  // As it was before: with its recordings, if it had any.
  restore({ recipe, recording, guide = null }, source = null) {
    Object.assign(this, { recording, guide });
    const whole = { ...this.#unsaid(), ...recipe };
    this.#become(whole, ['recording', 'dataset', ...Object.keys(whole)], source);
  }

  // What holds of every recipe on the page, wherever it comes from: nothing is asked of a map that
  // cannot be asked here, and a guide is named exactly when a target needs one.
  settled(recipe) {
    const kept = { ...recipe, ...this.measured(recipe) };
    const stages = recipe.stages?.map(changes => this.measured(changes));
    if (stages?.some((changes, i) => changes !== recipe.stages[i])) kept.stages = stages;
    const named = (recipe.guide ?? 'none') !== 'none';
    if (needsGuide(kept) !== named) kept.guide = named ? 'none' : this.guide?.name || FIRST_GUIDE;
    return kept;
  }

  // The same settings where all of it can be asked here; else the paper's response stands in.
  measured(settings) {
    const fits = target => this.measures.includes(measureOf(target));
    if (!settings.targets || settings.targets.every(fits)) return settings;
    return { ...settings, targets: settings.targets.map(target => (fits(target) ? target : targetOf(...target.slice(0, 3)))) };
  }

  #become(recipe, fields, source = null) {
    const before = this.recipe;
    this.recipe = recipe;
    if (fields.includes('dataset') || fields.includes('architecture')) this.#keepTargetsInside();
    this.recipe = this.settled(this.recipe);
    const moved = Object.keys(this.recipe).filter(name => this.recipe[name] !== before[name]);
    this.#tell([...new Set([...fields, ...moved])], source);
  }

  // What a recipe leaves out where it has the default.
  #unsaid() {
    return Object.fromEntries(UNSAID.filter(name => name in this.defaults).map(name => [name, this.defaults[name]]));
  }

  #keepTargetsInside() {
    const { targets, stages } = this.recipe;
    this.recipe = { ...this.recipe, targets: this.#inside(targets) };
    if (!stages?.length) return;
    const kept = stages.map(changes => (changes.targets ? { ...changes, targets: this.#inside(changes.targets) } : changes));
    this.recipe = { ...this.recipe, stages: kept };
  }

  // Targets that the chosen network has.
  #inside(targets) {
    const layers = this.layers;
    const inside = targets.map(([layer, map, ...rest]) => {
      const kept = Math.min(layer, layers.length - 1);
      return [kept, map === null ? null : Math.min(map, layers[kept].channels - 1), ...rest];
    });
    const unique = new Map(inside.map(target => [`${target[0]}/${target[1]}/${target[3] || ''}`, target]));
    return [...unique.values()];
  }

  #tell(fields, source) {
    this.dispatchEvent(new CustomEvent('change', { detail: { fields, source } }));
  }

  // Call `listener` now and whenever one of `fields` changes.
  watch(fields, listener) {
    this.addEventListener('change', event => {
      if (fields.some(field => event.detail.fields.includes(field))) listener(event.detail.source);
    });
    listener(null);
  }
}

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
