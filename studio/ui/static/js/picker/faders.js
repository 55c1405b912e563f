// The recipe's parameters: numbers to drag or type, choices, switches, and the way back to the paper's values.

import { format, parse, scale } from '../lib/numbers.js';
import { toast } from '../lib/toast.js';

export function mountFaders(root, state) {
  for (const element of root.querySelectorAll('.fader')) mountFader(element, state);
  for (const element of root.querySelectorAll('.choice')) mountChoice(element, state);
  for (const element of root.querySelectorAll('.switch')) mountSwitch(element, state);
  root.querySelector('[id$=all-home]')?.addEventListener('click', () => {
    const paper = {};
    for (const element of root.querySelectorAll('[id$=part-parameters] [data-field]')) {
      const button = element.querySelector('.home');
      if (button && element.dataset.field !== 'seed') paper[element.dataset.field] = paperValue(element);
    }
    if ('unroll' in state.recipe) paper.unroll = false;
    state.set(paper);
  });
}

function paperValue(element) {
  const text = element.querySelector('.home').dataset.home;
  return element.classList.contains('fader') ? Number(text) : text;
}

function mountFader(element, state) {
  const { field, unit } = element.dataset;
  const [minimum, maximum, step] = ['minimum', 'maximum', 'step'].map(key => Number(element.dataset[key]));
  const rule = { minimum, maximum, step, whole: element.dataset.whole === '1', odd: element.dataset.odd === '1' };
  const places = scale(rule);
  const value = element.querySelector('.value');
  const slide = element.querySelector('.slide');
  const name = element.querySelector('.name').textContent;
  const reset = element.querySelector('.home');
  const paper = Number(reset.dataset.home);
  const show = () => {
    const now = state.recipe[field];
    if (document.activeElement !== value) value.value = format(now);
    reset.classList.toggle('away', now !== paper);
    if (!slide) return;
    const at = places.toPosition(now);
    if (Number(slide.value) !== Math.round(at * 1000)) slide.value = Math.round(at * 1000);
    element.style.setProperty('--at', at);
    slide.setAttribute('aria-valuetext', `${format(now)} ${unit}`.trim());
  };
  const take = number => {
    const inside = number >= minimum && number <= maximum;
    const fits = inside && (!rule.whole || Number.isInteger(number)) && (!rule.odd || number % 2 === 1);
    if (fits) return state.set({ [field]: number }, value);
    const kind = rule.odd ? 'an odd whole number' : rule.whole ? 'a whole number' : 'a number';
    const range = `${kind} between ${format(minimum)} and ${format(maximum)}`;
    toast(`${name} must be ${range}${unit ? ` ${unit}` : ''}.`, { kind: 'error' });
    return null;
  };
  element.style.setProperty('--home', places.toPosition(paper));
  reset.addEventListener('click', () => state.set({ [field]: paper }));
  value.addEventListener('change', () => take(parse(value.value)));
  value.addEventListener('blur', () => (value.value = format(state.recipe[field])));
  value.addEventListener('focus', () => value.select());
  value.addEventListener('keydown', event => {
    if (event.key === 'Enter') value.blur();
  });
  slide?.addEventListener('input', () => state.set({ [field]: places.toValue(slide.value / 1000) }, slide));
  slide?.addEventListener('keydown', event => {
    const sense = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
    if (!sense) return;
    event.preventDefault();
    state.set({ [field]: neighbour(places, state.recipe[field], sense) });
  });
  slide?.addEventListener('dblclick', () => state.set({ [field]: paper }));
  element.querySelector('.dice')?.addEventListener('click', () =>
    state.set({ [field]: Math.floor(Math.random() * 100000) }));
  state.watch([field], show);
}

// The next value in one direction that a fader can show.
function neighbour(places, value, sense) {
  const start = places.toPosition(value);
  for (let step = 1; step <= 1000; step += 1) {
    const next = places.toValue(Math.min(1, Math.max(0, start + (sense * step) / 1000)));
    if ((next - value) * sense > 0) return next;
  }
  return value;
}

function mountChoice(element, state) {
  const { field } = element.dataset;
  const reset = element.querySelector('.home');
  reset.addEventListener('click', () => state.set({ [field]: reset.dataset.home }));
  element.addEventListener('change', event => state.set({ [field]: event.target.value }));
  state.watch([field], () => {
    for (const input of element.querySelectorAll('input')) input.checked = input.value === state.recipe[field];
    reset.classList.toggle('away', String(state.recipe[field]) !== reset.dataset.home);
  });
}

function mountSwitch(element, state) {
  const { field } = element.dataset;
  const input = element.querySelector('input');
  input.addEventListener('change', () => state.set({ [field]: input.checked }));
  state.watch([field], () => (input.checked = Boolean(state.recipe[field])));
}

// One line near the Dream button says what the thing under the pointer or the focus does.
export function mountInfo(root, info) {
  const rest = 'Point at anything to read what it does.';
  const explain = event => {
    const place = event.target.closest?.('.fader, .choice, .switch, [data-help], [data-hint], .part');
    if (!place) return;
    const help = place.dataset.help || place.dataset.hint || place.querySelector?.(':scope > .help')?.textContent
      || place.querySelector?.(':scope > [data-help], :scope > .part-head > [data-help]')?.dataset.help;
    info.textContent = help || rest;
  };
  info.textContent = rest;
  root.addEventListener('pointerover', explain);
  root.addEventListener('focusin', explain);
}
