// Walking by keyboard: arrows go to the next point, Space plays, Enter keeps.

import { shown } from '../lib/tabs.js';
import { ARROWS, nearestPoint } from './walk.js';

const FIELDS = 'input, textarea, select, [contenteditable], [role="tab"]';
const CLOSER = 1.6;

/**
 * @param {import('./tab.js').GalleryTab} tab
 * @param {AbortSignal} signal
 */
export function mountKeys(tab, signal) {
  const { root, map, voice, filters } = tab;
  const start = () => {
    const { visible } = filters;
    if (tab.current !== null && visible[tab.current]) return tab.current;
    const { clientWidth, clientHeight } = map.canvas;
    return nearestPoint(map, clientWidth / 2, clientHeight / 2, Infinity);
  };
  /**
   * @param {[number, number]} step
   * @param {number} since
   */
  const walk = ([dx, dy], since) => {
    const from = start();
    if (from === null) return;
    const next = from === tab.current ? map.towards(from, dx, dy) : from;
    if (next !== null) tab.choose(next, { since });
  };
  /** @param {number} since */
  const play = since => {
    const row = start();
    if (voice.playing && voice.playing.row === tab.current) voice.stop();
    else if (row !== null) tab.hear(row, since);
  };
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !shown(root)) return;
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || target.matches(FIELDS)) return;
    const inList = target.id === 'list-body'; // which walks by itself
    const pressing = [' ', 'Enter'].includes(key) && target.matches('button, a, summary');
    const elsewhere = target !== document.body && !root.contains(target);
    if (pressing || elsewhere) return;
    if (key in ARROWS && !inList) walk(ARROWS[key], event.timeStamp);
    else if (key === ' ') play(event.timeStamp);
    else if (key === 'Enter' && tab.current !== null) tab.take(tab.current, { since: event.timeStamp, silent: true });
    else if ((key === '+' || key === '=') && !inList) map.zoomBy(CLOSER);
    else if (key === '-' && !inList) map.zoomBy(1 / CLOSER);
    else if (key === '0' && !inList) map.fit();
    else return;
    event.preventDefault();
  }, { signal });
}
