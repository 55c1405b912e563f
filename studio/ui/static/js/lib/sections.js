// Long pages: filled once somebody looks, with their contents as links.

import { scrolling } from './announce.js';
import { make } from './make.js';

// Call `fill` when `root` is first on the screen.
export function whenSeen(root, fill) {
  const watcher = new IntersectionObserver(seen => {
    if (!seen.some(entry => entry.isIntersecting)) return;
    watcher.disconnect();
    fill();
  });
  watcher.observe(root);
}

// Fill `list` with a link for every section of `root` that is shown and has a title.
export function listContents(list, root) {
  list.replaceChildren(...[...root.querySelectorAll('section[data-title]:not([hidden])')].map(section => {
    const link = make('a', { href: `#${section.id}` }, section.dataset.title);
    link.addEventListener('click', event => {
      event.preventDefault();
      section.scrollIntoView({ behavior: scrolling(), block: 'start' });
    });
    return make('li', {}, link);
  }));
}
