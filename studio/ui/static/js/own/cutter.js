// Cutting a clip at its silences: the pieces are shown on its waveform before it is done.

import { drawPeaks } from '../audio/drawing.js';
import { askJson } from '../lib/ask.js';
import { colour, fitClear } from '../lib/canvas.js';
import { finder } from '../lib/dom.js';
import { complain, complaining } from '../lib/toast.js';

/** @typedef {{ seconds: number, peaks: [number[], number[]], pieces: [number, number][] }} Preview */

/**
 * @param {HTMLElement} root
 * @param {import('./project.js').OpenProject} own
 * @returns {(clip: string) => void}  opens it
 */
export function mountCutter(root, own) {
  const byId = finder(root, 'own-');
  const dialog = byId('cutter', HTMLDialogElement);
  const canvas = byId('cutter-wave', HTMLCanvasElement);
  const quieter = byId('quieter', HTMLInputElement);
  const gap = byId('gap', HTMLInputElement);
  const cut = byId('cutter-do', HTMLButtonElement);
  let clip = '';
  let asked = 0;
  const wanted = () => ({ quieter_db: Number(quieter.value), gap_seconds: Number(gap.value) });

  const look = async () => {
    byId('quieter-told').textContent = quieter.value;
    byId('gap-told').textContent = Number(gap.value).toFixed(2);
    asked += 1;
    const mine = asked;
    const url = own.url(`clips/${clip}/cut.json`);
    url.search = new URLSearchParams(Object.entries(wanted()).map(([name, value]) => [name, String(value)])).toString();
    /** @type {Preview} */
    const found = await askJson(url);
    if (mine !== asked || !dialog.open) return;
    draw(canvas, found);
    cut.disabled = !found.pieces.length;
    byId('cutter-told').textContent = `${found.pieces.length} ${found.pieces.length === 1 ? 'piece' : 'pieces'}`;
  };
  for (const fader of [quieter, gap]) fader.addEventListener('input', () => look().catch(complain));
  byId('cutter-close').addEventListener('click', () => dialog.close());
  cut.addEventListener('click', complaining(async () => {
    await own.change('cut', { clip, ...wanted() });
    dialog.close();
  }));
  return id => {
    clip = id;
    dialog.showModal();
    look().catch(complain);
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Preview} found
 */
function draw(canvas, { seconds, peaks: [low, high], pieces }) {
  const surface = fitClear(canvas);
  const { context, width, height } = surface;
  context.fillStyle = colour('--line');
  for (const [start, length] of pieces) context.fillRect((start / seconds) * width, 0, Math.max(1, (length / seconds) * width), height);
  drawPeaks(surface, { low: Float32Array.from(low), high: Float32Array.from(high), most: 1 }, colour('--text'));
}
