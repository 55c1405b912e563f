// What this browser keeps for the page. A private window or a full store keeps nothing, and nothing fails.

/**
 * What is kept under a name, or `otherwise` where there is nothing that can be read. Whoever reads
 * it checks it: an older page, or another one, may have written it.
 *
 * @param {string} name
 * @param {any} [otherwise]
 * @param {'localStorage' | 'sessionStorage'} [store]
 * @returns {any}
 */
export function recall(name, otherwise = null, store = 'localStorage') {
  try {
    return JSON.parse(window[store].getItem(name) ?? 'null') ?? otherwise;
  } catch {
    return otherwise;
  }
}

/**
 * Keep a value under a name, null for nothing. Tells whether that worked.
 *
 * @param {string} name
 * @param {unknown} value
 * @param {'localStorage' | 'sessionStorage'} [store]
 */
export function remember(name, value, store = 'localStorage') {
  try {
    window[store].setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
