// Feature maps that sound like a sound: a take, a recording, or what is sung into the microphone.

import { mountRecorder } from '../audio/record-button.js';
import { ask, complain } from '../lib/toast.js';
import { upload } from '../lib/uploads.js';

const COUNT = 12; // of every layer
const MOST_PART = 0.5; // of a small layer: all of it would be no choice
const OTHERS = 3;

// Mounted after the tiles: it orders and hides what is already there. Returns `likeTake`. `panel`, where
// there is one, knows what plays; `prefix` keeps the ids of two tabs apart.
export function mountAlike(root, { state, view, sounds, panel = null, baseUrl, prefix = '' }) {
  const find = id => root.querySelector(`#${prefix}${id}`);
  const [button, choices, said, grid] = ['maps-like', 'maps-like-choices', 'maps-like-said', 'maps'].map(find);
  let found = null; // { name, rows }: of every layer of every model, the most alike first
  let turn = 0;

  // Feature maps among what was found, in this network, as [row, layer, map].
  const places = () => {
    const { dataset, architecture } = state.recipe;
    return (found?.rows || []).map(row => [row, sounds.catalogue.group(row)])
      .filter(([, group]) => group.dataset === dataset && group.architecture === architecture)
      .map(([row, group]) => [row, group.layer, sounds.catalogue.map(row)]);
  };
  const sift = () => find('map-search').dispatchEvent(new Event('input'));
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
    grid.prepend(...here.map(([, , map]) => grid.querySelector(`[data-map="${map}"]`)));
    sift();
    grid.scrollTop = 0;
    find('maps-like-text').textContent = here.length ? `Most like ${found.name} first.` : `No sounds of this layer to compare with ${found.name}.`;
    const bests = new Map();
    for (const place of all) if (place[1] !== view.layer && !bests.has(place[1])) bests.set(place[1], place);
    const also = [...bests.values()].slice(0, OTHERS).map(place => link(...place));
    find('maps-like-also').replaceChildren(...(also.length ? ['Also: ', ...also] : []));
  };
  const link = (row, layer, map) => {
    const element = document.createElement('button');
    element.type = 'button';
    element.className = 'link';
    element.textContent = `layer ${layer}, ${state.names(layer)?.[map] || `map ${map}`}`;
    element.addEventListener('pointerenter', event => event.pointerType === 'mouse' && sounds.hearRow(row));
    element.addEventListener('focus', () => element.matches(':focus-visible') && sounds.hearRow(row));
    element.addEventListener('click', () => {
      view.show(layer);
      view.toggle(layer, map, view.several);
      grid.querySelector(`[data-map="${map}"]`).focus();
    });
    return element;
  };
  const rebuild = () => {
    // The tiles in their own order again.
    grid.append(...[...grid.children].sort((a, b) => a.dataset.map - b.dataset.map));
    show();
    if (!found) sift();
  };

  const open = shown => {
    choices.hidden = !shown;
    button.setAttribute('aria-expanded', String(shown));
  };
  const seek = async (name, query) => {
    const mine = (turn += 1);
    open(false);
    found = null;
    rebuild();
    said.hidden = false;
    find('maps-like-also').replaceChildren();
    find('maps-like-text').textContent = `Listening to ${name} …`;
    button.closest('.part').scrollIntoView({ block: 'nearest' });
    try {
      const asked = new URLSearchParams({ ...await query(), each: 'layer', count: COUNT });
      const { rows } = await (await ask(new URL(`gallery/alike?${asked}`, baseUrl))).json();
      if (mine !== turn) return;
      found = { name, rows };
    } catch (error) {
      if (mine === turn) complain(error);
    }
    if (mine === turn) show();
  };
  const likeTake = take => seek(`“${take.name}”`, () => ({ take: take.token }));
  const likeFile = (blob, name) => seek(name, async () => ({ upload: (await upload(baseUrl, blob, name)).token }));
  const clear = () => {
    turn += 1;
    found = null;
    rebuild();
    button.focus();
  };

  button.addEventListener('click', () => open(choices.hidden));
  for (const part of [button, choices]) {
    part.addEventListener('keydown', event => {
      if (event.key !== 'Escape' || choices.hidden) return;
      event.stopPropagation();
      open(false);
      button.focus();
    });
  }
  find('maps-like-playing').hidden = !panel;
  find('maps-like-playing').addEventListener('click', () => {
    const { recording } = state;
    if (panel.after && panel.take) likeTake(panel.take);
    else if (recording) seek(recording.name, () => ({ upload: recording.token, start: state.recipe.start_seconds }));
    else complain(new Error('Nothing to compare with yet. Dream a sound, or choose a recording.'));
  });
  const file = find('maps-like-file');
  file.addEventListener('change', () => {
    if (file.files[0]) likeFile(file.files[0], file.files[0].name);
    file.value = '';
  });
  mountRecorder(find('maps-like-record'), blob => likeFile(blob, 'your recording'));
  find('maps-like-clear').addEventListener('click', clear);
  view.addEventListener('layer', show);
  state.watch(['dataset', 'architecture'], show);
  sounds.addEventListener('change', show);
  return { likeTake };
}
