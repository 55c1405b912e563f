// plotly.js, fetched when the first figure is drawn, and what is used of it.

/**
 * @typedef {object} Trace
 * @property {string} [name]
 * @property {string} [legendgroup]
 * @property {any[]} x
 * @property {(number | null)[]} y
 * @property {any[]} [customdata]
 * @property {number} [x0]
 * @property {number} [dx]
 * @property {boolean} [visible]
 * @property {string} [hoverinfo]
 */

/**
 * An axis that is drawn: where it begins, how long it is, and from values to pixels and back.
 * @typedef {object} Axis
 * @property {number} _offset
 * @property {number} _length
 * @property {number[]} range
 * @property {(value: number) => number} l2p
 * @property {(pixels: number) => number} p2l
 */

/**
 * An element in which a figure is drawn.
 * @typedef {HTMLElement & {
 *   data: Trace[],
 *   layout: Record<string, any>,
 *   _fullLayout: { xaxis: Axis, yaxis: Axis, dragmode: string | false },
 *   on: (event: string, listener: (detail: any) => void) => void,
 * }} Drawing
 */

/**
 * @typedef {object} Plotly
 * @property {(place: HTMLElement, data: Trace[], layout: object, config?: object) => Promise<Drawing>} react
 * @property {(place: HTMLElement, changes: object, traces?: number[]) => Promise<unknown>} restyle
 * @property {(place: HTMLElement, changes: object) => Promise<unknown>} relayout
 * @property {(place: HTMLElement) => void} purge
 * @property {(place: HTMLElement, options: object) => Promise<unknown>} downloadImage
 * @property {{ hover: (place: HTMLElement, at: { xval: number }, subplot: string) => void }} Fx
 */

/** @type {Promise<Plotly> | null} */
let loading = null;

/**
 * Fetch plotly.js, once.
 * @returns {Promise<Plotly>}
 */
export function loadPlotly() {
  const address = new URL('../../vendor/plotly-basic.min.js', import.meta.url).href;
  loading ??= import(address).then(() => /** @type {any} */ (window).Plotly);
  return loading;
}
