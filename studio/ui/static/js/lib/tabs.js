// The page's tabs, opened from within: by a link, or by one tab for another.

import { findAll } from './dom.js';

/**
 * Open the tab that is labelled `name`; resolves once it is on the screen.
 *
 * @param {string} name
 */
export async function openTab(name) {
  const tabs = findAll(document, '#studio-tabs [role="tab"]');
  tabs.find(tab => tab.textContent?.trim() === name)?.click();
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
}

/**
 * Resolves once there is an element of this kind.
 *
 * @param {string} selector
 * @returns {Promise<Element>}
 */
export function whenThere(selector) {
  return new Promise(resolve => {
    const look = () => {
      const found = document.querySelector(selector);
      if (found) resolve(found);
      return Boolean(found);
    };
    if (look()) return;
    const watcher = new MutationObserver(() => look() && watcher.disconnect());
    watcher.observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-ready'] });
  });
}

/**
 * Whether a part of the page is on the screen: another tab may be open.
 *
 * @param {HTMLElement} root
 */
export const shown = root => root.offsetParent !== null;
