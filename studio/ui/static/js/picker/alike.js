// Feature maps that sound like a sound: a take, a recording, or what is sung into the microphone.

import { mountRecorder } from '../audio/record-button.js';
import { askJson } from '../lib/ask.js';
import { upload } from '../lib/upload.js';
import { findAll, finder, makeButton } from '../lib/dom.js';
import { complain } from '../lib/toast.js';

const COUNT = 12; // of every layer
const MOST_PART = 0.5; // of a small layer: all of it would be no choice
const OTHERS = 3;

/** @typedef {import('../lib/types.js').Take} Take */
/** @typedef {[row: number, layer: number, map: number]} Place */

/**
 * What the tab plays: the latest take, where it has one.
 *
 * @typedef {object} Playing
 * @property {Take | null} take
 * @property {unknown} after
 */

/**
 * Mounted after the tiles: it orders and hides what is already there.
 *
 * @param {HTMLElement} root
 * @param {object} parts
 * @param {import('./state.js').State} parts.state
 * @param {import('./view.js').View} parts.view
 * @param {import('./mapsounds.js').MapSounds} parts.sounds
 * @param {Playing | null} [parts.panel]
 * @param {URL} parts.baseUrl
 * @param {string} [parts.prefix]  keeps the ids of two tabs apart
 */
export function mountAlike(root, { state, view, sounds, panel = null, baseUrl, prefix = '' }) {
  const byId = finder(root, prefix);
  const [button, choices, said, grid] = ['maps-like', 'maps-like-choices', 'maps-like-said', 'maps'].map(id => byId(id));
  const text = byId('maps-like-text');
  const also = byId('maps-like-also');
  /**
   * Of every layer of every model, the most alike first.
   *
   * @type {{ name: string, rows: number[] } | null}
   */
  let found = null;
  let turn = 0;

  // Feature maps among what was found, in this network.
  /** @returns {Place[]} */
  const places = () => {
    const { catalogue } = sounds;
    const { dataset, architecture } = state.recipe;
    return (catalogue && found ? found.rows : []).flatMap(row => {
      const group = catalogue?.group(row);
      const here = catalogue && group?.dataset === dataset && group.architecture === architecture;
      return here ? [/** @type {Place} */ ([row, group.layer, catalogue.map(row)])] : [];
    });
  };
  /** @param {number} map */
  const tileOf = map => findAll(grid, `[data-map="${map}"]`);
  const show = () => {
    button.hidden = !sounds.there && !found;
    said.hidden = !found;
    if (!found) {
      sounds.only = null;
      return;
    }
    const all = places();
    const most = Math.ceil(MOST_PART * sounds.rows.size);
    const here = all.filter(([, layer]) => layer === view.layer).slice(0, most);
    sounds.only = here.length ? new Set(here.map(([, , map]) => map)) : null;
    grid.prepend(...here.flatMap(([, , map]) => tileOf(map)));
    sounds.emit('sift');
    grid.scrollTop = 0;
    text.textContent = here.length ? `Most like ${found.name} first.` : `No sounds of this layer to compare with ${found.name}.`;
    /** @type {Map<number, Place>} */
    const bests = new Map();
    for (const place of all) if (place[1] !== view.layer && !bests.has(place[1])) bests.set(place[1], place);
    const others = [...bests.values()].slice(0, OTHERS).map(link);
    also.replaceChildren(...(others.length ? ['Also: ', ...others] : []));
  };
  /** @param {Place} place */
  const link = ([row, layer, map]) => {
    const element = makeButton({ class: 'link' }, () => {
      view.show(layer);
      view.toggle(layer, map, view.several);
      tileOf(map)[0]?.focus();
    }, `layer ${layer}, ${state.names(layer)?.[map] || `map ${map}`}`);
    element.addEventListener('pointerenter', event => event.pointerType === 'mouse' && sounds.hearRow(row));
    element.addEventListener('focus', () => element.matches(':focus-visible') && sounds.hearRow(row));
    return element;
  };
  const rebuild = () => {
    // The tiles in their own order again.
    grid.append(...findAll(grid, '.tile').sort((a, b) => Number(a.dataset.map) - Number(b.dataset.map)));
    show();
    if (!found) sounds.emit('sift');
  };

  /** @param {boolean} shown */
  const open = shown => {
    choices.hidden = !shown;
    button.setAttribute('aria-expanded', String(shown));
  };
  /**
   * @param {string} name
   * @param {() => Record<string, any> | Promise<Record<string, any>>} query
   */
  const seek = async (name, query) => {
    const mine = (turn += 1);
    open(false);
    found = null;
    rebuild();
    said.hidden = false;
    also.replaceChildren();
    text.textContent = `Listening to ${name} …`;
    button.closest('.part')?.scrollIntoView({ block: 'nearest' });
    try {
      const asked = new URLSearchParams({ ...await query(), each: 'layer', count: String(COUNT) });
      const { rows } = await askJson(new URL(`gallery/alike?${asked}`, baseUrl));
      if (mine !== turn) return;
      found = { name, rows };
    } catch (error) {
      if (mine === turn) complain(error);
    }
    if (mine === turn) show();
  };
  /** @param {Take} take */
  const likeTake = take => seek(`“${take.name}”`, () => ({ take: take.token }));
  /**
   * @param {Blob} blob
   * @param {string} name
   */
  const likeFile = (blob, name) => seek(name, async () => ({ upload: (await upload(baseUrl, blob, name)).token }));
  const clear = () => {
    turn += 1;
    found = null;
    rebuild();
    button.focus();
  };

  button.addEventListener('click', () => open(Boolean(choices.hidden)));
  for (const part of [button, choices]) {
    part.addEventListener('keydown', event => {
      if (event.key !== 'Escape' || choices.hidden) return;
      event.stopPropagation();
      open(false);
      button.focus();
    });
  }
  byId('maps-like-playing').hidden = !panel;
  byId('maps-like-playing').addEventListener('click', () => {
    const { recording } = state;
    if (panel?.after && panel.take) likeTake(panel.take);
    else if (recording) seek(recording.name, () => ({ upload: recording.token, start: state.recipe.start_seconds }));
    else complain(new Error('Nothing to compare with yet. Dream a sound, or choose a recording.'));
  });
  const file = byId('maps-like-file', HTMLInputElement);
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    if (chosen) likeFile(chosen, chosen.name);
    file.value = '';
  });
  mountRecorder(byId('maps-like-record'), blob => likeFile(blob, 'your recording'));
  byId('maps-like-clear').addEventListener('click', clear);
  view.on('layer', show);
  state.watch(['dataset', 'architecture'], show);
  sounds.on('change', show);
  return { likeTake };
}
