// Light or dark, remembered; Gradio's own parts follow.

export function mount(element) {
  if (new URLSearchParams(window.location.search).has('live')) openTab('Live');
  const button = element.querySelector('#theme-toggle');
  const apply = theme => {
    document.documentElement.dataset.theme = theme;
    document.body.classList.toggle('dark', theme === 'dark');
    button.setAttribute('aria-label', theme === 'dark' ? 'Light colours' : 'Dark colours');
    window.dispatchEvent(new Event('studio-theme'));
  };
  button.addEventListener('click', () => {
    const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem('studio-theme', next);
    } catch { /* private mode */ }
    apply(next);
  });
  apply(document.documentElement.dataset.theme || 'dark');
  // Gradio sets its own theme when it is ready; ours has the last word.
  new MutationObserver(() => {
    const dark = document.documentElement.dataset.theme === 'dark';
    if (document.body.classList.contains('dark') !== dark) document.body.classList.toggle('dark', dark);
  }).observe(document.body, { attributes: true, attributeFilter: ['class'] });
}

// Tabs are filled when they are opened: a link to what is in one opens it, as soon as it is there.
function openTab(name) {
  const tab = [...document.querySelectorAll('[role=tab]')].find(button => button.textContent.trim() === name);
  if (tab) tab.click();
  else requestAnimationFrame(() => openTab(name));
}
