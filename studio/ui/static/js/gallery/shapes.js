// The few shapes of the map.

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
export function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function ring(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

/**
 * Circle, square, triangle, diamond: of the same weight to the eye.
 *
 * @param {Path2D} path
 * @param {number} shape  0…3
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export function trace(path, shape, x, y, size) {
  if (shape === 0) {
    path.moveTo(x + size, y);
    path.arc(x, y, size, 0, 2 * Math.PI);
    return;
  }
  if (shape === 1) {
    path.rect(x - size * 0.88, y - size * 0.88, size * 1.76, size * 1.76);
    return;
  }
  const corners = shape === 2
    ? [[0, -1.22], [1.14, 0.82], [-1.14, 0.82]]
    : [[0, -1.28], [1.28, 0], [0, 1.28], [-1.28, 0]];
  corners.forEach(([dx, dy], i) => (i ? path.lineTo(x + dx * size, y + dy * size) : path.moveTo(x + dx * size, y + dy * size)));
  path.closePath();
}
