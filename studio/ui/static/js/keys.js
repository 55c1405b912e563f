// One-letter shortcuts, out of the way of typing and of whatever has the focus.

export function mountKeys(root, { dream, surprise, vary, swap, stage }) {
  const actions = {
    ' ': () => stage.player.toggle(),
    d: dream,
    s: surprise,
    b: () => stage.swap(),
    l: () => stage.toggleLoop(),
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
