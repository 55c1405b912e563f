// Light or dark, remembered; Gradio's own parts follow.

import { keepFocus } from './lib/focus.js';
import { remember } from './lib/memory.js';
import { openTab, whenThere } from './lib/tabs.js';

export function mount(element) {
  keepFocus();
  // A link opens the tab of what it means.
  const wanted = new URL(window.location.href).searchParams;
  const tab = wanted.has('unit') ? 'Gallery' : wanted.has('live') ? 'Live' : null;
  if (tab) whenThere('#studio-tabs [role="tab"]').then(() => openTab(tab));
  const button = element.querySelector('#theme-toggle');
  const apply = theme => {
    document.documentElement.dataset.theme = theme;
    document.body.classList.toggle('dark', theme === 'dark');
    button.setAttribute('aria-label', theme === 'dark' ? 'Light colours' : 'Dark colours');
    window.dispatchEvent(new Event('studio-theme'));
  };
  button.addEventListener('click', () => {
    const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    remember('studio-theme', next);
    apply(next);
  });
  apply(document.documentElement.dataset.theme || 'dark');
  // Gradio sets its own theme when it is ready; ours has the last word.
  new MutationObserver(() => {
    const dark = document.documentElement.dataset.theme === 'dark';
    if (document.body.classList.contains('dark') !== dark) document.body.classList.toggle('dark', dark);
  }).observe(document.body, { attributes: true, attributeFilter: ['class'] });
}
