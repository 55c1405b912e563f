// How the map looks: marks at its sides, points, and in front of them what is marked.

import { colour, fit } from '../lib/canvas.js';
import { line, ring, trace } from './shapes.js';

export const FACE = '"Instrument Sans", system-ui, sans-serif';

/** @typedef {import('./map.js').SoundMap} SoundMap */

/**
 * A canvas to draw on in CSS pixels.
 *
 * @param {HTMLCanvasElement} canvas
 */
function surfaceOf(canvas) {
  const { context, width, height, dense } = fit(canvas);
  context.resetTransform();
  context.clearRect(0, 0, width, height);
  context.setTransform(dense, 0, 0, dense, 0, 0);
  return { context, width: width / dense, height: height / dense };
}

/** @param {SoundMap} map */
export function drawPoints(map) {
  const { context, width, height } = surfaceOf(map.canvas);
  drawMarks(context, map);
  context.save();
  context.beginPath();
  context.rect(0, 0, width, height - (map.x.title ? 34 : 0));
  context.clip();
  drawSounds(context, map);
  context.restore();
}

/** @param {SoundMap} map */
export function drawFront(map) {
  const { context } = surfaceOf(map.front);
  drawLinks(context, map);
  drawRings(context, map);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {SoundMap} map
 */
function drawMarks(context, map) {
  const { left, top, width, height } = map.box;
  context.font = `500 11px ${FACE}`;
  context.fillStyle = colour('--dim');
  context.strokeStyle = colour('--line');
  context.lineWidth = 1;
  for (const { at, text } of map.x.marks) {
    const [px] = map.at(at, 0);
    if (px < left - 1 || px > left + width + 1) continue;
    line(context, px, top, px, top + height);
    context.textAlign = 'center';
    context.fillText(text, px, top + height + 18);
  }
  for (const { at, text } of map.y.marks) {
    const [, py] = map.at(0, at);
    if (py < top - 1 || py > top + height + 1) continue;
    line(context, left, py, left + width, py);
    context.textAlign = 'right';
    context.fillText(text, left - 10, py + 4);
  }
  context.font = `600 11px ${FACE}`;
  context.fillStyle = colour('--text');
  if (map.x.title) {
    context.textAlign = 'right';
    context.fillText(`${map.x.title} →`, left + width, top + height + 34);
  }
  if (map.y.title) {
    context.textAlign = 'left';
    context.fillText(`↑ ${map.y.title}`, 10, 16);
  }
}

/**
 * One path for each colour: filling few large ones is quicker than many small ones.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {SoundMap} map
 */
function drawSounds(context, map) {
  const { clientWidth: wide, clientHeight: high } = map.canvas;
  const { size } = map;
  /** @type {Map<number, Path2D>} */
  const batches = new Map();
  const faint = new Path2D();
  for (let row = 0; row < map.catalogue.count; row += 1) {
    const [px, py] = map.place(row);
    if (px < -8 || py < -8 || px > wide + 8 || py > high + 8) continue;
    if (!map.visible[row]) {
      faint.rect(px - 0.75, py - 0.75, 1.5, 1.5);
      continue;
    }
    const path = batches.get(map.index[row]) || new Path2D();
    batches.set(map.index[row], path);
    trace(path, map.shape[row], px, py, size);
  }
  context.fillStyle = colour('--edge');
  context.globalAlpha = 0.45;
  context.fill(faint);
  context.globalAlpha = 0.88;
  for (const [key, path] of batches) {
    context.fillStyle = map.palette[key];
    context.fill(path);
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {SoundMap} map
 */
function drawLinks(context, map) {
  const { centre, links } = map.marks;
  if (centre === null) return;
  const [x, y] = map.place(centre);
  context.strokeStyle = colour('--text');
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  for (const row of links) {
    if (map.visible[row]) line(context, x, y, ...map.place(row));
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {SoundMap} map
 */
function drawRings(context, map) {
  const { size } = map;
  const { kept, current } = map.marks;
  context.strokeStyle = colour('--text');
  context.lineWidth = 1.6;
  for (const row of kept) ring(context, ...map.place(row), size + 3);
  if (current === null) return;
  const [px, py] = map.place(current);
  const path = new Path2D();
  trace(path, map.shape[current], px, py, size * 1.7);
  context.fillStyle = map.palette[map.index[current]];
  context.fill(path);
  context.lineWidth = 2.5;
  context.strokeStyle = colour('--accent');
  ring(context, px, py, size * 1.7 + 5);
}
