// Finding and making elements: one way for each.

/** @typedef {string | number | boolean | null | undefined} AttributeValue */
/** @typedef {Node | string | false | null | undefined} Child */

/**
 * The element of this kind within `root`. A page that lacks it is broken, and says so at once.
 *
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [kind]  such as HTMLInputElement
 * @returns {T}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof (kind ?? HTMLElement))) throw new Error(`the page has no ${selector}`);
  return /** @type {T} */ (found);
}

/**
 * `find` by id, within one part of the page.
 *
 * @param {ParentNode} root
 * @param {string} [prefix]  keeps the ids of two tabs apart
 */
export function finder(root, prefix = '') {
  /**
   * @template {Element} [T=HTMLElement]
   * @param {string} id
   * @param {new () => T} [kind]
   * @returns {T}
   */
  return (id, kind) => find(root, `#${prefix}${id}`, kind);
}

/** @typedef {ReturnType<typeof finder>} Find */

/**
 * All elements of this kind within `root`.
 *
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T[]}
 */
export function findAll(root, selector, kind) {
  const wanted = kind ?? HTMLElement;
  return /** @type {T[]} */ ([...root.querySelectorAll(selector)].filter(element => element instanceof wanted));
}

/**
 * The element of this kind that an event is about, or null: the target or what it stands in.
 *
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closest(event, selector) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement ? found : null;
}

/**
 * What was chosen or typed, where `event` comes from an input or a select.
 *
 * @param {Event} event
 */
export function valueOf(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
}

/**
 * An HTML element with attributes and children. Attributes that are false or missing are left out,
 * true ones stand without a value.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, AttributeValue>} [attributes]
 * @param {...Child} children
 */
export function make(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}

/**
 * As `make`, within a drawing.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, AttributeValue>} [attributes]
 * @param {...Child} children
 */
export function makeSvg(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/**
 * A button that does something when it is pressed.
 *
 * @param {Record<string, AttributeValue>} attributes
 * @param {(event: MouseEvent) => void} act
 * @param {...Child} children
 */
export function makeButton(attributes, act, ...children) {
  const button = make('button', { type: 'button', ...attributes }, ...children);
  button.addEventListener('click', act);
  return button;
}

/**
 * A drawing of `size` units, with one path for each of `shapes`: `d`, or [class, d].
 *
 * @param {string} size  such as '24 24'
 * @param {...(string | [string, string])} shapes
 */
export function icon(size, ...shapes) {
  return makeSvg('svg', { viewBox: `0 0 ${size}`, 'aria-hidden': 'true' }, ...shapes.map(shape => {
    const [name, d] = typeof shape === 'string' ? [null, shape] : shape;
    return makeSvg('path', { class: name, d });
  }));
}

/**
 * @template {Element} T
 * @param {T} element
 * @param {Record<string, AttributeValue>} attributes
 * @param {Child[]} children
 * @returns {T}
 */
function dressed(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child);
  return element;
}

/**
 * Save what lies at an address under a name.
 *
 * @param {URL} url
 * @param {string} name
 */
export function download(url, name) {
  make('a', { href: url.href, download: name }).click();
}
