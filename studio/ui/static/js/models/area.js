// A curve with the area under it.

import { colour } from '../lib/canvas.js';

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[x: number, y: number][]} points  from left to right
 * @param {{ floor: number, shade: number, line: number }} look  down to `floor` they are filled with
 *   this `shade` of the accent
 */
export function paintArea(context, points, { floor, shade, line }) {
  const trace = () => points.forEach(([x, y]) => context.lineTo(x, y));
  context.fillStyle = context.strokeStyle = colour('--accent');
  context.beginPath();
  context.moveTo(points[0][0], floor);
  trace();
  context.lineTo(points[points.length - 1][0], floor);
  context.closePath();
  context.globalAlpha = shade;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = line;
  context.beginPath();
  trace();
  context.stroke();
}
