// Canvases in the pixels they cover, and colours of the theme to draw with.

const kept = new Map();
window.addEventListener('studio-theme', () => kept.clear());

// A colour of the theme, looked up once.
export function colour(name) {
  if (!kept.has(name)) kept.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return kept.get(name);
}

// Sizes are told by the browser, not asked for at every drawing, which would cost a layout each.
const sizes = new WeakMap();
const watcher = new ResizeObserver(entries => entries.forEach(({ target }) => measure(target)));
const measure = canvas => sizes.set(canvas, [canvas.clientWidth, canvas.clientHeight]);

// Give a canvas as many pixels as it covers and return its context in those pixels.
export function fit(canvas) {
  if (!sizes.has(canvas)) {
    measure(canvas);
    watcher.observe(canvas);
  }
  const dense = Math.min(2, window.devicePixelRatio || 1);
  const [width, height] = sizes.get(canvas).map(size => Math.max(1, Math.round(size * dense)));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  return { context: canvas.getContext('2d'), width, height, dense };
}
