// Sounds drawn on a canvas: waveforms as peaks, spectrograms in a colour scale of the theme.

import { colour } from '../lib/canvas.js';
import { colours, HIGHEST_HZ, LOWEST_HZ } from './spectrum.js';

// A spectrogram over the whole of a canvas, in one of the theme's scales.
export function paintSpectrum(context, width, height, { columns, rows, levels }, scale) {
  const table = colours(colour(scale).split(/\s+/));
  const image = new ImageData(columns, rows);
  for (let i = 0; i < levels.length; i += 1) {
    const at = Math.round(levels[i] * 255) * 3;
    image.data[i * 4] = table[at];
    image.data[i * 4 + 1] = table[at + 1];
    image.data[i * 4 + 2] = table[at + 2];
    image.data[i * 4 + 3] = 255;
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext('2d').putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, width, height);
}

// Frequencies as labels at their heights beside a spectrogram.
export function pitchMarks(frequencies) {
  const ratio = Math.log(HIGHEST_HZ / LOWEST_HZ);
  return frequencies.map(hz => {
    const from = 100 * (1 - Math.log(hz / LOWEST_HZ) / ratio);
    return `<span style="top:${from}%">${hz >= 1000 ? `${hz / 1000} kHz` : `${hz} Hz`}</span>`;
  }).join('');
}

// Smallest and largest sample of every column.
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

export function drawPeaks(context, { low, high, most }, width, height, tint) {
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
