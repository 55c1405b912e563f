// Pointers on the map: a mouse hovers and drags, one finger listens, two move and zoom.

const CLICK_PIXELS = 5; // a pointer that moves further drags
const LEAST_SPREAD = 8;

/** @typedef {[x: number, y: number]} Place */

/** @param {import('./map.js').SoundMap} map */
export function listenToPointer(map) {
  const { canvas } = map;
  /** @type {Map<number, Place>} */
  const down = new Map();
  /** @type {Place} */
  let from = [0, 0];
  let dragged = false;
  /** @type {number | null} */
  let hovered = null;
  /**
   * @param {MouseEvent} event
   * @returns {Place}
   */
  const local = event => {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  /** @param {PointerEvent} event */
  const hover = event => {
    const row = map.near(...local(event), event.pointerType);
    canvas.classList.toggle('over', row !== null);
    if (row !== null && row !== hovered) map.emit('hover', { row, since: event.timeStamp });
    hovered = row;
  };
  /**
   * @param {number} id
   * @param {Place} now
   */
  const pinch = (id, now) => {
    const other = [...down].find(([key]) => key !== id)?.[1];
    const before = down.get(id);
    if (!other || !before) return;
    map.zoomBy(spread(now, other) / spread(before, other), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    map.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  };
  // Where the browser tells moves at once instead of once a frame, a sound comes a frame sooner.
  canvas.addEventListener('pointerrawupdate', event => down.size || hover(/** @type {PointerEvent} */ (event)));
  canvas.addEventListener('pointerdown', event => {
    from = local(event);
    down.set(event.pointerId, from);
    canvas.setPointerCapture(event.pointerId);
    dragged = down.size > 1;
    if (event.pointerType !== 'mouse' && down.size === 1) hover(event);
  });
  canvas.addEventListener('pointermove', event => {
    const now = local(event);
    const before = down.get(event.pointerId);
    if (!before) {
      hover(event);
      return;
    }
    if (Math.hypot(now[0] - from[0], now[1] - from[1]) > CLICK_PIXELS) dragged = true;
    if (down.size > 1) pinch(event.pointerId, now);
    else if (event.pointerType !== 'mouse') hover(event);
    else if (dragged) map.pan(now[0] - before[0], now[1] - before[1]);
    down.set(event.pointerId, now);
  });
  canvas.addEventListener('pointerup', event => {
    const row = map.near(...local(event), event.pointerType);
    if (!dragged && row !== null) map.emit('take', { row, touch: event.pointerType !== 'mouse' });
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    canvas.addEventListener(name, event => down.delete(event.pointerId));
  }
  canvas.addEventListener('pointerleave', () => {
    hovered = null;
    if (!down.size) map.emit('leave');
  });
  canvas.addEventListener('wheel', event => {
    event.preventDefault();
    map.zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), ...local(event));
  }, { passive: false });
}

/**
 * @param {Place} a
 * @param {Place} b
 */
const spread = ([ax, ay], [bx, by]) => Math.max(LEAST_SPREAD, Math.hypot(ax - bx, ay - by));
