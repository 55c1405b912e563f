// Sounds drawn on a canvas: waveforms as peaks, spectrograms in a colour scale of the theme.

import { offscreen, palette } from '../lib/canvas.js';
import { depthOf } from './spectrum.js';

/** @typedef {import('../lib/canvas.js').Surface} Surface */
/** @typedef {import('../lib/types.js').Peaks} Peaks */
/** @typedef {import('./spectrum.js').Spectrogram} Spectrogram */

/**
 * A spectrogram over the whole of a canvas.
 *
 * @param {Surface} surface
 * @param {Spectrogram} picture
 * @param {string} [scale]  of the theme
 */
export function paintSpectrum({ context, width, height }, { columns, rows, levels }, scale = '--heat') {
  const table = palette(scale);
  const image = new ImageData(columns, rows);
  for (let i = 0; i < levels.length; i += 1) {
    const at = Math.round(levels[i] * 255) * 3;
    image.data[i * 4] = table[at];
    image.data[i * 4 + 1] = table[at + 1];
    image.data[i * 4 + 2] = table[at + 2];
    image.data[i * 4 + 3] = 255;
  }
  context.imageSmoothingEnabled = true;
  context.drawImage(offscreen(image), 0, 0, width, height);
}

/**
 * Frequencies as labels at their heights beside a spectrogram.
 *
 * @param {number[]} frequencies
 */
export function pitchMarks(frequencies) {
  return frequencies.map(hz => `<span style="top:${100 * depthOf(hz)}%">${hz >= 1000 ? `${hz / 1000} kHz` : `${hz} Hz`}</span>`).join('');
}

/**
 * Smallest and largest sample of every column.
 *
 * @param {Float32Array} samples
 * @param {number} columns
 * @returns {Peaks}
 */
export function peaks(samples, columns) {
  const low = new Float32Array(columns);
  const high = new Float32Array(columns);
  let most = 1e-6;
  for (let column = 0; column < columns; column += 1) {
    const end = Math.max(1, Math.floor(((column + 1) * samples.length) / columns));
    let least = Infinity;
    let largest = -Infinity;
    for (let i = Math.min(end - 1, Math.floor((column * samples.length) / columns)); i < end; i += 1) {
      if (samples[i] < least) least = samples[i];
      if (samples[i] > largest) largest = samples[i];
    }
    low[column] = least;
    high[column] = largest;
    most = Math.max(most, -least, largest);
  }
  return { low, high, most };
}

/**
 * A waveform over the whole of a canvas.
 *
 * @param {Surface} surface
 * @param {Peaks} waveform
 * @param {string} tint
 */
export function drawPeaks({ context, width, height }, { low, high, most }, tint) {
  const middle = height / 2;
  const gain = (middle - 2) / Math.max(most, 0.05);
  const columns = low.length;
  context.fillStyle = tint;
  for (let column = 0; column < columns; column += 1) {
    const top = middle - high[column] * gain;
    const bottom = middle - low[column] * gain;
    const x = (column * width) / columns;
    context.fillRect(x, top - 0.5, Math.max(1, width / columns), Math.max(1, bottom - top + 1));
  }
}
