// Light or dark, remembered; Gradio's own parts follow.

import { bus } from './lib/bus.js';
import { find } from './lib/dom.js';
import { keepFocus } from './lib/focus.js';
import { remember } from './lib/memory.js';
import { openTab, whenThere } from './lib/tabs.js';

/**
 * @param {HTMLElement} element
 * @param {{ signal: AbortSignal }} given
 */
export function mount(element, { signal }) {
  keepFocus(signal);
  // A link opens the tab of what it means.
  const wanted = new URL(window.location.href).searchParams;
  const tab = wanted.has('unit') ? 'Gallery' : wanted.has('live') ? 'Live' : null;
  if (tab) whenThere('#studio-tabs [role="tab"]').then(() => openTab(tab));
  const button = find(element, '#theme-toggle');
  const page = document.documentElement;
  const isDark = () => page.dataset.theme !== 'light';
  /** @param {string} theme */
  const apply = theme => {
    page.dataset.theme = theme;
    document.body.classList.toggle('dark', isDark());
    button.setAttribute('aria-label', isDark() ? 'Light colours' : 'Dark colours');
    bus.emit('theme');
  };
  button.addEventListener('click', () => {
    const next = isDark() ? 'light' : 'dark';
    remember('studio-theme', next);
    apply(next);
  });
  apply(page.dataset.theme || 'dark');
  // Gradio sets its own theme when it is ready; ours has the last word.
  const watcher = new MutationObserver(() => {
    if (document.body.classList.contains('dark') !== isDark()) document.body.classList.toggle('dark', isDark());
  });
  watcher.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  signal.addEventListener('abort', () => watcher.disconnect());
}
