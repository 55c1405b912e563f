// The page's tabs, opened from within: by a link, or by one tab for another.

const button = name => document.querySelector(`#${name}-tab`)
  ?.closest('.tabitem')?.getAttribute('aria-labelledby');

export function openTab(name) {
  const id = button(name);
  const found = (id && document.getElementById(id))
    || [...document.querySelectorAll('#studio-tabs [role="tab"]')].find(tab => tab.textContent.trim().toLowerCase() === name);
  found?.click();
}

// Run `then` once the element is there.
export function whenThere(selector, then) {
  const found = document.querySelector(selector);
  if (found) {
    then(found);
    return;
  }
  const watcher = new MutationObserver(() => {
    const now = document.querySelector(selector);
    if (!now) return;
    watcher.disconnect();
    then(now);
  });
  watcher.observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-ready', 'id'] });
}
