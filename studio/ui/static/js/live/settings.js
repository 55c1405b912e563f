// The live settings of the page: a recipe and what only a sound that goes on has. Whatever changes
// here is sent, unless it came from the studio; links and presets are made from it.

import { contract } from '../lib/contract.js';
import { address } from '../lib/share-link.js';
import { State } from '../picker/state.js';

/** @typedef {import('../lib/types.js').Listing} Listing */
/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('./messages.js').LiveSettings} LiveSettings */
/** @typedef {import('./messages.js').LivePreset} LivePreset */

const UNSENT = new Set(['recording']);
export const LIVE_MEASURES = contract.live.measures; // a sound that goes on has no guide

export class LiveState extends State {
  /**
   * @param {Pick<Listing, 'models' | 'architectures'>} listing
   * @param {LiveSettings} settings  to begin with
   */
  constructor({ models, architectures }, settings) {
    super({ models, architectures, first: settings, measures: LIVE_MEASURES });
    this.initial = settings;
  }

  get settings() {
    return /** @type {LiveSettings} */ (this.recipe);
  }

  /**
   * @override
   * @param {Recipe} recipe
   */
  settled(recipe) {
    const kept = super.settled(recipe);
    const second = kept.second && this.measured(kept.second);
    return second === kept.second ? kept : { ...kept, second };
  }

  // What differs from where the page began.
  get difference() {
    return Object.fromEntries(Object.entries(this.recipe).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(this.initial[name])));
  }

  /**
   * The settings among these that are known here.
   *
   * @param {Record<string, any>} changes
   * @returns {Partial<LiveSettings>}
   */
  known(changes) {
    return Object.fromEntries(Object.entries(changes).filter(([name]) => name in this.recipe));
  }

  /**
   * Call `send` with every change that was made here.
   *
   * @param {(changes: Partial<LiveSettings>) => void} send
   */
  sendTo(send) {
    this.on('change', ({ fields, source }) => {
      if (source === 'studio') return;
      const known = fields.filter(field => !UNSENT.has(field));
      // The targets may have been adapted to another network.
      if (known.includes('dataset') || known.includes('architecture')) known.push('targets');
      send(Object.fromEntries(known.map(field => [field, this.recipe[field]])));
    });
  }
}

/**
 * What a link carries: a preset's name, or settings; null where it carries nothing.
 *
 * @param {LivePreset[]} presets
 * @param {string} [search]  of the page's address
 * @returns {Partial<LiveSettings> | null}
 */
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

/** @param {LiveState} state */
export function toLink(state) {
  const own = state.difference;
  delete own.initial; // a recording stays with its owner
  return address({ live: JSON.stringify(own) });
}
