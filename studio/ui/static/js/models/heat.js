// Heat maps: rows of numbers from 0 to 1 in the studio's one colour scale.

import { colour, fit } from '../lib/canvas.js';
import { colours } from '../audio/spectrum.js';

// Paint `rows` (the first one on top) over the whole of a canvas. Along a row colours flow into each
// other unless `crisp`; rows stay apart.
export function paintRows(canvas, rows, { crisp = false } = {}) {
  const { context, width, height } = fit(canvas);
  context.clearRect(0, 0, width, height);
  if (!rows.length) return;
  const columns = rows[0].length;
  const table = colours(colour('--heat').split(/\s+/));
  const image = new ImageData(columns, rows.length);
  let pixel = 0;
  for (const row of rows) {
    for (const level of row) {
      const at = Math.round(Math.min(1, Math.max(0, level)) * 255) * 3;
      image.data.set([table[at], table[at + 1], table[at + 2], 255], pixel);
      pixel += 4;
    }
  }
  const small = new OffscreenCanvas(columns, rows.length);
  small.getContext('2d').putImageData(image, 0, 0);
  const wide = new OffscreenCanvas(width, rows.length);
  const between = wide.getContext('2d');
  between.imageSmoothingEnabled = !crisp;
  between.drawImage(small, 0, 0, width, rows.length);
  context.imageSmoothingEnabled = false;
  context.drawImage(wide, 0, 0, width, height);
}
