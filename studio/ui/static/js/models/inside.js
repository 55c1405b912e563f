// Which model is looked into, which of its layers, and how its parts are called.

export class Inside extends EventTarget {
  constructor(models) {
    super();
    this.models = models;
    this.model = models[0];
    this.layer = 0;
  }

  get layers() {
    return this.model.channels.length;
  }

  choose(name) {
    const model = this.models.find(one => one.name === name);
    if (!model || model === this.model) return;
    this.model = model;
    this.layer = Math.min(this.layer, this.layers - 1);
    this.dispatchEvent(new Event('model'));
    this.dispatchEvent(new Event('layer'));
  }

  chooseLayer(layer) {
    if (layer === this.layer || layer < 0 || layer >= this.layers) return;
    this.layer = layer;
    this.dispatchEvent(new Event('layer'));
  }

  // The maps of the last layer are the classes.
  mapName(layer, map) {
    return layer === this.layers - 1 ? this.model.classes[map] : `map ${map}`;
  }

  // Call `listener` now and whenever the event comes.
  watch(event, listener) {
    this.addEventListener(event, listener);
    listener();
  }
}

export const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)} %`;

export function pitch(hz) {
  return hz >= 1000 ? `${Number((hz / 1000).toFixed(hz < 10000 ? 1 : 0))} kHz` : `${Math.round(hz)} Hz`;
}

const NOTES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];

// The note of the keyboard that is nearest to a frequency.
export function note(hz) {
  const number = Math.round(69 + 12 * Math.log2(hz / 440));
  return `${NOTES[((number % 12) + 12) % 12]}${Math.floor(number / 12) - 1}`;
}
