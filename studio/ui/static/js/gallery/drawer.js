// The filters' drawer: beside the map, or over it where there is no room.

import { finder } from '../lib/dom.js';

const NARROW = '(max-width: 860px)';
const OPEN_FROM_PIXELS = 1180;

/**
 * @param {HTMLElement} root
 * @param {() => void} onChange
 */
export function mountDrawer(root, onChange) {
  const byId = finder(root);
  const toggle = byId('drawer-toggle');
  const close = byId('drawer-close');
  /** @param {boolean} open */
  const show = open => {
    root.classList.toggle('no-drawer', !open);
    toggle.setAttribute('aria-expanded', String(open));
    onChange();
  };
  // Over the map, it has the focus while it is open, and gives it back.
  const over = () => close.checkVisibility();
  const shut = () => {
    show(false);
    toggle.focus();
  };
  close.addEventListener('click', shut);
  byId('gallery-drawer').addEventListener('keydown', event => event.key === 'Escape' && over() && shut());
  toggle.addEventListener('click', () => {
    show(root.classList.contains('no-drawer'));
    if (over()) close.focus();
  });
  show(!window.matchMedia(NARROW).matches && window.innerWidth >= OPEN_FROM_PIXELS);
}
