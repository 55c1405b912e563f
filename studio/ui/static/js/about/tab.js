// The six models in words, from their cards.

import { askJson } from '../lib/ask.js';
import { bus } from '../lib/bus.js';
import { datasetLabel, signMark } from '../lib/datasets.js';
import { find, make } from '../lib/dom.js';
import { openTab, whenThere } from '../lib/tabs.js';
import { facts } from '../picker/facts.js';

/** @typedef {import('../lib/types.js').Listing} Listing */
/** @typedef {import('../lib/types.js').Model} Model */

/**
 * @param {HTMLElement} element
 * @param {{ baseUrl: URL }} given
 */
export async function mount(element, { baseUrl }) {
  find(element, '#tour-again').addEventListener('click', async () => {
    await openTab('Dream');
    await whenThere('#dream[data-ready=true]');
    bus.emit('tour');
  });
  /** @type {Listing} */
  const { models, architectures } = await askJson(new URL('models.json', baseUrl));
  /** @param {Model} model */
  const card = model => make('section', { class: `card ${model.dataset}` },
    make('h3', {}, signMark(model.dataset), `${datasetLabel(model.dataset)} · ${architectures[model.architecture]?.label || model.architecture}`),
    make('dl', {}, ...facts(model)));
  find(element, '#cards').replaceChildren(...(models.length ? models.map(card) : ['There are no models here yet. Train one with “studio train”.']));
}
