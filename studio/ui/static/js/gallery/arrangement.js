// What lies across, what lies up, what the colours mean.

import { axis, axisChoices, colourChoices, colouring, LIKENESS } from './places.js';

export function mountPlaces(tab) {
  const { catalogue, map } = tab;
  const [across, up, colours] = ['axis-x', 'axis-y', 'colour-by'].map(tab.find);
  fill(across, axisChoices(catalogue));
  fill(up, axisChoices(catalogue));
  fill(colours, colourChoices(catalogue));

  const arrange = () => map.arrange(axis(catalogue, across.value, 'x'), axis(catalogue, up.value, 'y'));
  // Likeness has no sides of its own: it takes both, or neither.
  const changed = (one, other, partner) => {
    if (one.value === LIKENESS) other.value = LIKENESS;
    else if (other.value === LIKENESS) other.value = partner(one.value);
    arrange();
  };
  const beside = name => (name === 'brightness_mean' ? 'noisiness_mean' : 'brightness_mean');
  across.addEventListener('change', () => changed(across, up, beside));
  up.addEventListener('change', () => changed(up, across, beside));

  const paint = () => {
    const painted = colouring(catalogue, colours.value);
    map.paint(painted);
    drawLegend(tab.find('legend'), painted);
  };
  colours.addEventListener('change', paint);
  window.addEventListener('studio-theme', paint);
  paint();
  arrange();
}

function fill(select, choices) {
  select.replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
}

function drawLegend(box, { shapes, kinds, ramp }) {
  box.replaceChildren();
  for (const { sign, text, tint } of shapes) box.append(item(sign, text, tint));
  for (const { text, tint } of kinds || []) box.append(item('●', text, tint));
  if (!ramp) return;
  const scale = document.createElement('span');
  scale.className = 'scale';
  const bar = document.createElement('i');
  bar.style.background = `linear-gradient(90deg, ${ramp.palette.join(', ')})`;
  scale.append(ramp.ends[0], bar, ramp.ends[1]);
  scale.title = ramp.title;
  box.append(scale);
}

function item(sign, text, tint) {
  const element = document.createElement('span');
  const mark = document.createElement('i');
  mark.textContent = sign;
  mark.style.color = tint;
  element.append(mark, text);
  return element;
}
