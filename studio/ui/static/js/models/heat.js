// Heat maps: rows of numbers from 0 to 1 in the studio's one colour scale.

import { fitClear, offscreen, palette } from '../lib/canvas.js';

/**
 * Paint rows over the whole of a canvas. Along a row colours flow into each other unless `crisp`;
 * rows stay apart.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number[][]} rows  0…1, the first one on top
 * @param {{ crisp?: boolean }} [look]
 */
export function paintRows(canvas, rows, { crisp = false } = {}) {
  const { context, width, height } = fitClear(canvas);
  if (!rows.length) return;
  const table = palette();
  const image = new ImageData(rows[0].length, rows.length);
  rows.flat().forEach((level, pixel) => {
    const at = Math.round(Math.min(1, Math.max(0, level)) * 255) * 3;
    image.data.set([table[at], table[at + 1], table[at + 2], 255], 4 * pixel);
  });
  const wide = new OffscreenCanvas(width, rows.length);
  const between = wide.getContext('2d');
  if (!between) return;
  between.imageSmoothingEnabled = !crisp;
  between.drawImage(offscreen(image), 0, 0, width, rows.length);
  context.imageSmoothingEnabled = false;
  context.drawImage(wide, 0, 0, width, height);
}
