// One-letter shortcuts, out of the way of typing and of whatever has the focus.

export function mountKeys(root, { dream, surprise, vary, swap, panel }) {
  const actions = {
    ' ': () => panel.player.toggle(),
    d: dream,
    s: surprise,
    b: () => panel.swap(),
    l: () => panel.toggleLoop(),
    v: vary,
    x: swap,
  };
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!root.offsetParent) return; // another tab is open
    const { target } = event;
    const typing = target.matches('input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]');
    const pressing = event.key === ' ' && target.matches('button, a, summary, input');
    const action = actions[event.key.toLowerCase()];
    if (typing || pressing || !action) return;
    event.preventDefault();
    action();
  });
}
