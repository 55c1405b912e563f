// The row of a network's layers, and how a layer's maps respond to tones.

import { askJson } from '../lib/ask.js';
import { closest, findAll, finder, make } from '../lib/dom.js';
import { walkRadios } from '../lib/radios.js';
import { complain } from '../lib/toast.js';
import { Tones } from './tones.js';

const BUSY_AFTER_MS = 300;

/** @typedef {import('./inside.js').Inside} Inside */
/** @typedef {import('./tones.js').LayerReport} LayerReport */

/**
 * @param {HTMLElement} section
 * @param {Inside} inside
 * @param {URL} baseUrl
 * @param {import('./voices.js').Voices} voices
 * @param {AbortSignal} signal
 */
export function mountLayers(section, inside, baseUrl, voices, signal) {
  const byId = finder(section);
  mountRow(byId('inside-layer'), inside);
  const tones = new Tones(section, inside, voices, signal);
  /** @type {Map<string, LayerReport>} */
  const kept = new Map();
  const key = () => `${inside.model.name}/layers/${inside.layer}.json`;
  let shown = '';
  const show = async () => {
    const wanted = key();
    if (wanted === shown) return;
    shown = wanted;
    byId('inside-layer-told').textContent = tell(inside);
    const busy = setTimeout(() => { byId('tones-busy').hidden = false; }, BUSY_AFTER_MS);
    try {
      const report = kept.get(wanted) || await askJson(new URL(`inside/${wanted}`, baseUrl));
      kept.set(wanted, report);
      if (wanted === key()) tones.show(report);
    } catch (error) {
      complain(error);
    } finally {
      clearTimeout(busy);
      byId('tones-busy').hidden = true;
    }
  };
  inside.on('layer', show);
  show();
  return tones;
}

/** @param {Inside} inside */
function tell(inside) {
  const { layer, layers, model } = inside;
  const steps = model.lengths[layer];
  const slices = steps > 1 ? `cuts every second into ${steps.toLocaleString('en')} slices` : 'takes in a whole second at once';
  const place = layer === 0 ? 'hears the sound itself' : layer === layers - 1 ? 'has one map for every class' : `hears what layer ${layer - 1} found`;
  return `Layer ${layer} has ${model.channels[layer]} maps. It ${place} and ${slices}.`;
}

/**
 * A block for each layer: as high as it is long in time, as wide as it has maps (both logarithmic).
 *
 * @param {HTMLElement} box
 * @param {Inside} inside
 */
function mountRow(box, inside) {
  const mark = () => {
    for (const button of findAll(box, '.layer-block')) {
      const chosen = Number(button.dataset.layer) === inside.layer;
      button.setAttribute('aria-checked', String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
  };
  box.addEventListener('click', event => {
    const button = closest(event, '[data-layer]');
    if (button) inside.chooseLayer(Number(button.dataset.layer));
  });
  box.addEventListener('keydown', event => walkRadios(event, box));
  inside.watchModel(() => {
    const { channels, lengths } = inside.model;
    const longest = Math.log(lengths[0] + 1);
    box.replaceChildren(...channels.map((maps, layer) => make('button', {
      type: 'button', role: 'radio', class: 'layer-block', 'data-layer': layer, 'aria-label': `Layer ${layer}, ${maps} maps`,
      style: `flex-grow:${(4 + 2.6 * Math.log2(maps + 1)).toFixed(1)}`,
    },
    make('i', { style: `height:${(10 + 54 * Math.log(lengths[layer] + 1) / longest).toFixed(1)}px` }),
    make('b', {}, String(layer)), make('small', {}, String(maps)))));
    mark();
  });
  inside.on('layer', mark);
}
