// The order of the keys is that of the eyes: beside each other, choices come before the sound; on a
// phone, where they lie below it, after.

export function followLayout(root) {
  const narrow = window.matchMedia('(max-width: 860px)');
  const [panel, choices] = ['.stage', '.choices'].map(part => root.querySelector(`:scope > ${part}`));
  const place = () => root.prepend(...(narrow.matches ? [panel, choices] : [choices, panel]));
  place();
  narrow.addEventListener('change', place);
}
