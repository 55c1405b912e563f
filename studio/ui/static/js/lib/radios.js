// Arrow keys move through a row of radio buttons, as people expect of one.
export function walkRadios(event, root) {
  const sense = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!sense) return;
  event.preventDefault();
  const buttons = [...root.querySelectorAll('[role="radio"]')];
  const next = buttons[(buttons.indexOf(event.target.closest('[role="radio"]')) + sense + buttons.length) % buttons.length];
  next.focus();
  next.click();
}
