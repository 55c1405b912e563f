// The recipe's parameters: numbers to drag or type, choices, switches, and the way back to the
// paper's values.

import { paperValue, problemOf } from '../lib/contract.js';
import { closest, find, findAll, valueOf } from '../lib/dom.js';
import { format, parse, scale } from '../lib/numbers.js';
import { toast } from '../lib/toast.js';

const STEPS = 1000; // of a slider
const SEEDS = 100000;

/** @typedef {import('./state.js').State} State */

/** @typedef {import('../lib/types.js').Field} Field */

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {Record<string, Field>} fields
 */
export function mountFaders(root, state, fields) {
  const mounts = { fader: mountFader, choice: mountChoice, switch: mountSwitch };
  for (const [kind, mount] of Object.entries(mounts)) {
    for (const element of findAll(root, `.${kind}[data-field]`)) {
      const { field: name = '' } = element.dataset;
      mount(element, state, name, fields[name]);
    }
  }
  find(root, '[id$=all-home]').addEventListener('click', () => {
    /** @type {Record<string, unknown>} */
    const paper = {};
    for (const element of findAll(root, '[id$=part-parameters] [data-field]')) {
      const { field = '' } = element.dataset;
      if (field !== 'seed' && element.querySelector('.home')) paper[field] = paperValue(fields[field]);
    }
    if ('unroll' in state.recipe) paper.unroll = false;
    state.set(paper);
  });
}

/**
 * @param {HTMLElement} element
 * @param {State} state
 * @param {string} field
 * @param {Field} about
 */
function mountFader(element, state, field, about) {
  const { unit, odd } = about;
  const places = scale({
    minimum: about.minimum ?? 0, maximum: about.maximum ?? 1, step: about.step ?? 1, whole: about.kind === 'integer', odd,
  });
  const value = find(element, '.value', HTMLInputElement);
  const [slide] = findAll(element, '.slide', HTMLInputElement);
  const reset = find(element, '.home');
  const paper = paperValue(about);
  const show = () => {
    const now = state.recipe[field];
    if (document.activeElement !== value) value.value = format(now);
    reset.classList.toggle('away', now !== paper);
    if (!slide) return;
    const at = places.toPosition(now);
    if (Number(slide.value) !== Math.round(at * STEPS)) slide.value = String(Math.round(at * STEPS));
    element.style.setProperty('--at', String(at));
    slide.setAttribute('aria-valuetext', `${format(now)} ${unit}`.trim());
  };
  /** @param {number} number */
  const take = number => {
    const problem = problemOf(about, number);
    if (problem) toast(problem, { kind: 'error' });
    else state.set({ [field]: number }, value);
  };
  element.style.setProperty('--home', String(places.toPosition(paper)));
  reset.addEventListener('click', () => state.set({ [field]: paper }));
  value.addEventListener('change', () => take(parse(value.value)));
  value.addEventListener('blur', () => { value.value = format(state.recipe[field]); });
  value.addEventListener('focus', () => value.select());
  value.addEventListener('keydown', event => {
    if (event.key === 'Enter') value.blur();
  });
  slide?.addEventListener('input', () => state.set({ [field]: places.toValue(Number(slide.value) / STEPS) }, slide));
  slide?.addEventListener('keydown', event => {
    const sense = SENSES[event.key];
    if (!sense) return;
    event.preventDefault();
    const before = state.recipe[field];
    let [value, last] = [neighbour(places, before, sense), before];
    while (value !== last) { // what goes with it, such as a loop's length, may hold a small step back
      state.set({ [field]: value });
      if (state.recipe[field] !== before) break;
      [value, last] = [neighbour(places, value, sense), value];
    }
  });
  slide?.addEventListener('dblclick', () => state.set({ [field]: paper }));
  for (const dice of findAll(element, '.dice')) dice.addEventListener('click', () => state.set({ [field]: Math.floor(Math.random() * SEEDS) }));
  state.watch([field], show);
}

/** @type {Record<string, 1 | -1>} */
const SENSES = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };

/**
 * The next value in one direction that a fader can show.
 *
 * @param {ReturnType<typeof scale>} places
 * @param {number} value
 * @param {1 | -1} sense
 */
export function neighbour(places, value, sense) {
  const start = places.toPosition(value);
  for (let step = 1; step <= STEPS; step += 1) {
    const next = places.toValue(Math.min(1, Math.max(0, start + (sense * step) / STEPS)));
    if ((next - value) * sense > 0) return next;
  }
  return value;
}

/**
 * @param {HTMLElement} element
 * @param {State} state
 * @param {string} field
 * @param {Field} about
 */
function mountChoice(element, state, field, about) {
  const reset = find(element, '.home');
  const paper = paperValue(about);
  reset.addEventListener('click', () => state.set({ [field]: paper }));
  element.addEventListener('change', event => state.set({ [field]: valueOf(event) }));
  state.watch([field], () => {
    for (const input of findAll(element, 'input', HTMLInputElement)) input.checked = input.value === state.recipe[field];
    reset.classList.toggle('away', state.recipe[field] !== paper);
  });
}

/**
 * @param {HTMLElement} element
 * @param {State} state
 * @param {string} field
 */
function mountSwitch(element, state, field) {
  const input = find(element, 'input', HTMLInputElement);
  input.addEventListener('change', () => state.set({ [field]: input.checked }));
  state.watch([field], () => { input.checked = Boolean(state.recipe[field]); });
}

/**
 * One line near the Dream button says what the thing under the pointer or the focus does.
 *
 * @param {HTMLElement} root
 * @param {HTMLElement} info
 */
export function mountInfo(root, info) {
  const rest = 'Point at anything to read what it does.';
  /** @param {Event} event */
  const explain = event => {
    const place = closest(event, '.fader, .choice, .switch, [data-help], [data-hint], .part');
    if (!place) return;
    const [head] = findAll(place, ':scope > [data-help], :scope > .part-head > [data-help]');
    info.textContent = place.dataset.help || place.dataset.hint || place.querySelector(':scope > .help')?.textContent || head?.dataset.help || rest;
  };
  info.textContent = rest;
  root.addEventListener('pointerover', explain);
  root.addEventListener('focusin', explain);
}
