// The part of a recording that is used: its waveform, and a window to drag along it or to resize.

import { drawPeaks } from '../audio/drawing.js';
import { colour, drawAgain, fitClear } from '../lib/canvas.js';
import { contract } from '../lib/contract.js';
import { finder } from '../lib/dom.js';
import { seconds } from '../lib/numbers.js';

const EDGE_PIXELS = 9;
const STEPS = 1000;
const { minimum, maximum } = contract.recipe.fields.seconds;
export const [LEAST_SECONDS, MOST_SECONDS] = [minimum ?? 0, maximum ?? Infinity];

/** @typedef {import('../picker/state.js').State} State */

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {AbortSignal} signal
 */
export function mountPartRange(root, state, signal) {
  const byId = finder(root);
  const part = byId('window');
  const range = byId('range');
  const from = byId('part-from', HTMLInputElement);
  const latestStart = () => Math.max(0, (state.recording?.seconds ?? 0) - state.recipe.seconds);
  /** @param {number} start */
  const moveTo = start => state.set({ start_seconds: Number(Math.min(latestStart(), Math.max(0, start)).toFixed(2)) });
  /** @param {number} length */
  const resize = length => state.set({ seconds: Number(Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, length)).toFixed(1)) });
  const draw = () => {
    const { recording, recipe } = state;
    if (!recording) return;
    byId('file-name').textContent = recording.name;
    byId('file-facts').textContent = ` ${seconds(recording.seconds)} · ${(recording.sample_rate / 1000).toLocaleString('en')} kHz · ${channelWords(recording.channels, recipe.stereo_width)}`;
    const [low, high] = recording.peaks;
    drawPeaks(fitClear(byId('overview', HTMLCanvasElement)), { low, high, most: 1 }, colour('--dim'));
    part.style.left = `${(100 * recipe.start_seconds) / recording.seconds}%`;
    part.style.width = `${100 * Math.min(1, recipe.seconds / recording.seconds)}%`;
    from.disabled = latestStart() === 0;
    from.value = String(latestStart() ? Math.round((STEPS * recipe.start_seconds) / latestStart()) : 0);
    const end = Math.min(recording.seconds, recipe.start_seconds + recipe.seconds);
    byId('part-text').textContent = `${seconds(recipe.start_seconds)} – ${seconds(end)}${restWords(recipe.seconds - (end - recipe.start_seconds))}`;
  };
  from.addEventListener('input', () => moveTo((Number(from.value) / STEPS) * latestStart()));
  dragPart(range, part, {
    get: () => ({ seconds: state.recording?.seconds ?? 0, start: state.recipe.start_seconds, length: state.recipe.seconds }),
    move: moveTo,
    resize,
  });
  drawAgain(range, draw, signal);
  return {
    draw,
    // What lies beyond the recording's end comes back inside.
    keepInside() {
      if (state.recording && state.recipe.start_seconds > latestStart() + 0.005) moveTo(latestStart());
    },
  };
}

/**
 * How many channels a recording has, and whether a dream keeps them.
 *
 * @param {number} count
 * @param {number} width  the dream's stereo width
 */
export function channelWords(count, width) {
  if (count === 1) return 'mono';
  if (count === 2) return width > 0 ? 'stereo' : 'stereo, mixed down to mono: a stereo width keeps both';
  return `${count} channels, mixed down`;
}

/**
 * What follows where a part runs past the recording's end.
 *
 * @param {number} rest  seconds
 */
export const restWords = rest => (rest > 0.01 ? `, then ${seconds(rest)} of silence: the recording ends there` : '');

/**
 * Drag the part along the recording, or its right edge to change its length.
 *
 * @param {HTMLElement} range
 * @param {HTMLElement} part
 * @param {object} actions
 * @param {() => { seconds: number, start: number, length: number }} actions.get
 * @param {(start: number) => void} actions.move
 * @param {(length: number) => void} actions.resize
 */
function dragPart(range, part, { get, move, resize }) {
  range.addEventListener('pointerdown', event => {
    event.preventDefault();
    const box = range.getBoundingClientRect();
    const edge = part.getBoundingClientRect();
    /** @param {number} x */
    const at = x => ((x - box.left) / box.width) * get().seconds;
    const { start, length } = get();
    const resizing = Math.abs(event.clientX - edge.right) < EDGE_PIXELS;
    const inside = event.clientX >= edge.left && event.clientX <= edge.right;
    const grip = inside ? at(event.clientX) - start : length / 2;
    /** @param {PointerEvent} moved */
    const drag = moved => (resizing ? resize(at(moved.clientX) - start) : move(at(moved.clientX) - grip));
    const held = new AbortController();
    drag(event);
    range.setPointerCapture(event.pointerId);
    range.addEventListener('pointermove', drag, { signal: held.signal });
    for (const end of ['pointerup', 'pointercancel']) range.addEventListener(end, () => held.abort(), { signal: held.signal });
  });
}
