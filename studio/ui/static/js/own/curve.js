// The training curve, small: accuracy by epoch.

import { colour, fitClear } from '../lib/canvas.js';

/**
 * @param {HTMLCanvasElement} canvas
 * @param {NonNullable<import('./types.js').Training['curve']>} curve
 * @param {number} epochs  in all; 0 where that is not known yet
 * @param {number} [chance]
 */
export function drawCurve(canvas, { epoch, train_accuracy: train, test_accuracy_five: test }, epochs, chance) {
  const { context, width, height, dense } = fitClear(canvas);
  const last = Math.max(epochs, epoch.at(-1) ?? 1, 2);
  const room = 4 * dense;
  /** @param {number} at */
  const x = at => room + ((width - 2 * room) * (at - 1)) / (last - 1);
  /** @param {number} share */
  const y = share => height - room - (height - 2 * room) * share;
  context.lineWidth = dense;
  context.strokeStyle = colour('--line');
  context.strokeRect(room, room, width - 2 * room, height - 2 * room);
  if (chance) {
    context.setLineDash([2 * dense, 4 * dense]);
    context.strokeStyle = colour('--dim');
    context.beginPath();
    context.moveTo(x(1), y(chance));
    context.lineTo(x(last), y(chance));
    context.stroke();
    context.setLineDash([]);
  }
  context.lineWidth = 2 * dense;
  context.strokeStyle = colour('--accent');
  context.beginPath();
  for (const [place, share] of train.entries()) if (share !== null) context.lineTo(x(epoch[place]), y(share));
  context.stroke();
  context.fillStyle = colour('--text');
  for (const [place, share] of test.entries()) {
    if (share === null) continue;
    context.beginPath();
    context.arc(x(epoch[place]), y(share), 3.5 * dense, 0, 2 * Math.PI);
    context.fill();
  }
}
