// The live settings of the page: a recipe and what only a sound that goes on has. Whatever changes
// here is sent, unless it came from the studio; links and presets are made from it.

import { address } from '../lib/share-link.js';
import { State } from '../picker/state.js';

const UNSENT = new Set(['recording']);
export const LIVE_MEASURES = ['response', 'activation']; // a sound that goes on has no guide

export class LiveState extends State {
  constructor({ models, architectures }, settings) {
    super({ models, architectures, first: settings, measures: LIVE_MEASURES });
    this.initial = settings;
  }

  settled(recipe) {
    const kept = super.settled(recipe);
    const second = kept.second && this.measured(kept.second);
    return second === kept.second ? kept : { ...kept, second };
  }

  // What differs from where the page began.
  get difference() {
    const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    return Object.fromEntries(Object.entries(this.recipe).filter(([name, value]) => !same(value, this.initial[name])));
  }

  // Call `send` with every change that was made here.
  sendTo(send) {
    this.addEventListener('change', event => {
      const { fields, source } = event.detail;
      if (source === 'studio') return;
      const known = fields.filter(field => !UNSENT.has(field));
      // The targets may have been adapted to another network.
      if (known.includes('dataset') || known.includes('architecture')) known.push('targets');
      send(Object.fromEntries(known.map(field => [field, this.recipe[field]])));
    });
  }
}

// What a link carries: a preset's name, or settings.
export function fromLink(presets, search = window.location.search) {
  const text = new URLSearchParams(search).get('live');
  if (text === null) return null;
  const preset = presets.find(({ name }) => name.toLowerCase() === text.toLowerCase());
  if (preset) return preset.changes;
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

export function toLink(state) {
  const own = { ...state.difference };
  delete own.initial; // a recording stays with its owner
  return address({ live: JSON.stringify(own) });
}
