// Canvases in the pixels they cover, and colours of the theme to draw with.

import { bus } from './bus.js';

/** @type {Map<string, string>} */
const kept = new Map();
/** @type {Map<string, Uint8Array>} */
const palettes = new Map();
bus.on('theme', () => {
  kept.clear();
  palettes.clear();
});

/**
 * A colour of the theme, looked up once.
 *
 * @param {string} name  such as '--accent'
 */
export function colour(name) {
  let value = kept.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    kept.set(name, value);
  }
  return value;
}

/**
 * A colour scale of the theme, as 256 RGB triples.
 *
 * @param {string} [name]  '--heat' is the studio's own
 */
export function palette(name = '--heat') {
  let table = palettes.get(name);
  if (!table) {
    table = colours(colour(name).split(/\s+/));
    palettes.set(name, table);
  }
  return table;
}

/**
 * A place on a colour scale as CSS.
 *
 * @param {Uint8Array} table
 * @param {number} part  0…1
 */
export function shade(table, part) {
  const at = 3 * Math.round(part * 255);
  return `rgb(${table[at]} ${table[at + 1]} ${table[at + 2]})`;
}

/**
 * 256 RGB triples between the stops of a colour scale.
 *
 * @param {string[]} stops  such as '#08f0ff'
 */
export function colours(stops) {
  const parsed = stops.map(stop => [1, 3, 5].map(at => parseInt(stop.slice(at, at + 2), 16)));
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i += 1) {
    const place = (i / 255) * (parsed.length - 1);
    const left = Math.min(parsed.length - 2, Math.floor(place));
    for (let channel = 0; channel < 3; channel += 1) {
      const [from, to] = [parsed[left][channel], parsed[left + 1][channel]];
      table[i * 3 + channel] = from + (to - from) * (place - left);
    }
  }
  return table;
}

// Sizes are told by the browser, not asked for at every drawing, which would cost a layout each.
/** @type {WeakMap<Element, [width: number, height: number]>} */
const sizes = new WeakMap();
const watcher = new ResizeObserver(entries => entries.forEach(({ target }) => measure(target)));

/** @param {Element} canvas */
function measure(canvas) {
  /** @type {[number, number]} */
  const size = [canvas.clientWidth, canvas.clientHeight];
  sizes.set(canvas, size);
  return size;
}

/**
 * A canvas to draw on, in its own pixels.
 *
 * @typedef {object} Surface
 * @property {CanvasRenderingContext2D} context
 * @property {number} width
 * @property {number} height
 * @property {number} dense  its pixels for each CSS pixel
 */

/**
 * Give a canvas as many pixels as it covers.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {Surface}
 */
export function fit(canvas) {
  let size = sizes.get(canvas);
  if (!size) {
    size = measure(canvas);
    watcher.observe(canvas);
  }
  const dense = Math.min(2, window.devicePixelRatio || 1);
  const [width, height] = size.map(length => Math.max(1, Math.round(length * dense)));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  return { context: contextOf(canvas), width, height, dense };
}

/**
 * As `fit`, with nothing on it.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function fitClear(canvas) {
  const surface = fit(canvas);
  surface.context.clearRect(0, 0, surface.width, surface.height);
  return surface;
}

/** @param {HTMLCanvasElement} canvas */
export function contextOf(canvas) {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw.');
  return context;
}

/**
 * An image of colours on a canvas of its own, to be drawn at any size.
 *
 * @param {ImageData} image
 */
export function offscreen(image) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Draw again when the element gets another size or the page other colours, until `signal` aborts.
 *
 * @param {Element} element
 * @param {() => void} draw
 * @param {AbortSignal} signal
 */
export function drawAgain(element, draw, signal) {
  const sizeWatcher = new ResizeObserver(draw);
  sizeWatcher.observe(element);
  signal.addEventListener('abort', () => sizeWatcher.disconnect());
  bus.on('theme', draw, { signal });
}
