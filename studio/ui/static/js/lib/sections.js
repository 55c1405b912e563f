// Long pages: filled once somebody looks, with their contents as links.

import { scrolling } from './announce.js';
import { findAll, make } from './dom.js';

/**
 * Call `fill` when `root` is first on the screen.
 *
 * @param {Element} root
 * @param {() => void} fill
 */
export function whenSeen(root, fill) {
  const watcher = new IntersectionObserver(seen => {
    if (!seen.some(entry => entry.isIntersecting)) return;
    watcher.disconnect();
    fill();
  });
  watcher.observe(root);
}

/**
 * Fill `list` with a link for every section of `root` that is shown and has a title.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement} root
 */
export function listContents(list, root) {
  list.replaceChildren(...findAll(root, 'section[data-title]:not([hidden])').map(section => {
    const link = make('a', { href: `#${section.id}` }, section.dataset.title);
    link.addEventListener('click', event => {
      event.preventDefault();
      section.scrollIntoView({ behavior: scrolling(), block: 'start' });
    });
    return make('li', {}, link);
  }));
}
