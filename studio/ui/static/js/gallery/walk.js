// Which point is meant: the nearest to a place, or the next one in a direction.

// A point to the side counts as further away than one straight ahead.
const SIDEWAYS = 2.2;

/**
 * Points on the screen, by row.
 *
 * @typedef {object} Points
 * @property {{ count: number }} catalogue
 * @property {ArrayLike<number>} visible
 * @property {(row: number) => [x: number, y: number]} place
 */

/**
 * @param {Points} map
 * @param {number} px
 * @param {number} py
 * @param {number} within  this distance
 * @returns {number | null}
 */
export function nearestPoint(map, px, py, within) {
  let best = null;
  let least = within * within;
  for (let row = 0; row < map.catalogue.count; row += 1) {
    if (!map.visible[row]) continue;
    const [x, y] = map.place(row);
    const distance = (x - px) ** 2 + (y - py) ** 2;
    if (distance < least) [best, least] = [row, distance];
  }
  return best;
}

/**
 * @param {Points} map
 * @param {number} from
 * @param {number} dx  one step on the screen, such as (1, 0) for the right arrow
 * @param {number} dy
 * @returns {number | null}
 */
export function nextTowards(map, from, dx, dy) {
  const [px, py] = map.place(from);
  let best = null;
  let least = Infinity;
  for (let row = 0; row < map.catalogue.count; row += 1) {
    if (!map.visible[row] || row === from) continue;
    const [x, y] = map.place(row);
    const ahead = (x - px) * dx + (y - py) * dy;
    const aside = Math.abs((x - px) * dy - (y - py) * dx);
    if (ahead <= 0.01 || aside > ahead) continue;
    const distance = Math.hypot(ahead, aside * SIDEWAYS);
    if (distance < least) [best, least] = [row, distance];
  }
  return best;
}

/** @type {Record<string, [dx: number, dy: number]>} */
export const ARROWS = {
  ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};
