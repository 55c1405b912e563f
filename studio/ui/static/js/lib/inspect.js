// The page's parts, to be looked at from the browser's console and by tests. No script of the page
// reads this: what a tab tells another goes over the bus.

/** @type {Record<string, any>} */
const parts = {};
Object.assign(window, { studio: parts });

/** @param {Record<string, unknown>} some */
export const inspectable = some => void Object.assign(parts, some);

/**
 * A fact about the page that tests and other tools may read: an attribute of <html>.
 *
 * @param {'ready' | 'dreams' | 'soundAfter'} name
 * @param {string | number} value
 */
export function mark(name, value) {
  document.documentElement.dataset[name] = String(value);
}
