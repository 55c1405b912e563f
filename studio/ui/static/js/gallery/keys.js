// Walking by keyboard: arrows go to the next point, Space plays, Enter keeps.

import { ARROWS, nearestPoint } from './walk.js';

export function mountKeys(tab) {
  const { root, map, voice, filters } = tab;
  const start = () => {
    const visible = filters.visible;
    if (tab.current !== null && visible[tab.current]) return tab.current;
    const { clientWidth, clientHeight } = map.canvas;
    return nearestPoint(map, clientWidth / 2, clientHeight / 2, Infinity) ?? -1;
  };
  const walk = ([dx, dy], since) => {
    const from = start();
    if (from < 0) return;
    const next = from === tab.current ? map.towards(from, dx, dy) : from;
    if (next !== null) tab.choose(next, { since });
  };
  const play = since => {
    if (voice.playing && voice.playing.row === tab.current) voice.stop();
    else if (start() >= 0) tab.hear(start(), since);
  };
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !root.offsetParent) return;
    const { target } = event;
    if (target.matches('input, textarea, select, [contenteditable], [role="tab"]')) return;
    const inList = target.id === 'list-body'; // which walks by itself
    const pressing = [' ', 'Enter'].includes(event.key) && target.matches('button, a, summary');
    const elsewhere = target !== document.body && !root.contains(target);
    if (pressing || elsewhere) return;
    if (event.key in ARROWS && !inList) walk(ARROWS[event.key], event.timeStamp);
    else if (event.key === ' ') play(event.timeStamp);
    else if (event.key === 'Enter' && tab.current !== null) tab.take(tab.current, { since: event.timeStamp, silent: true });
    else if ((event.key === '+' || event.key === '=') && !inList) map.zoomBy(1.6);
    else if (event.key === '-' && !inList) map.zoomBy(1 / 1.6);
    else if (event.key === '0' && !inList) map.fit();
    else return;
    event.preventDefault();
  });
}
