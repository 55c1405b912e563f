// Where the pitch of the network's strides lies: tuned to a note, or blurred; and length in bars.

import { contract, problemOf, SAMPLE_RATE, stridesOf } from '../lib/contract.js';
import { finder } from '../lib/dom.js';
import { hzOf, note, parse } from '../lib/numbers.js';
import { toast } from '../lib/toast.js';

const { fields } = contract.recipe;
const LOWEST_PITCH_HZ = 20;

/** @typedef {import('../lib/types.js').Recipe} Recipe */

/**
 * The pitch of the stride grid of a recipe, in Hz, before and after it is tuned.
 *
 * @param {Pick<Recipe, 'architecture' | 'targets'> & { tune_hz?: number }} recipe
 */
export function gridOf({ architecture, targets, tune_hz: tune }) {
  const deepest = Math.max(...targets.map(([layer]) => layer));
  let [own, hop] = [1, 1];
  for (const [index, stride] of stridesOf(architecture).entries()) {
    hop *= stride;
    if (index > deepest || SAMPLE_RATE / hop < LOWEST_PITCH_HZ) break;
    own = SAMPLE_RATE / hop;
  }
  if (!tune) return { own, tuned: own };
  const ratio = tune / own;
  return { own, tuned: tune * 2 ** -Math.round(Math.log2(ratio)) };
}

/**
 * @param {number} bars
 * @param {number} beats  in a bar
 * @param {number} tempo  beats per minute
 */
export const secondsOfBars = (bars, beats, tempo) => Number(((bars * beats * 60) / tempo).toFixed(5));

/** @param {number} hz */
const said = hz => `${hz >= 1000 ? hz.toFixed(0) : hz.toFixed(1).replace(/\.0$/, '')} Hz (${note(hz)})`;

/**
 * @param {HTMLElement} root
 * @param {import('../picker/state.js').State} state
 */
export function mountPitch(root, state) {
  const byId = finder(root);
  const name = byId('tune-note', HTMLInputElement);
  const blur = byId('grid-blur');
  const most = fields.max_offset.maximum ?? 0;
  name.addEventListener('change', () => {
    const hz = hzOf(name.value);
    const problem = Number.isFinite(hz)
      ? problemOf(fields.tune_hz, hz) || (hz < LOWEST_PITCH_HZ ? `${name.value} is too low: choose a note from 20 Hz (E0) on.` : '')
      : `“${name.value}” is no note. Write a letter, perhaps ♯ or ♭, and an octave: A4, Bb2.`;
    if (problem && name.value.trim()) toast(problem, { kind: 'error' });
    else state.set({ tune_hz: name.value.trim() ? Number(hz.toFixed(3)) : 0 });
    show();
  });
  byId('tune-off').addEventListener('click', () => state.set({ tune_hz: 0 }));
  blur.addEventListener('click', () => {
    const blurred = state.recipe.max_offset === most;
    state.set(blurred ? { max_offset: fields.max_offset.default } : { max_offset: most, tune_hz: 0 });
  });
  byId('bars-set').addEventListener('click', () => {
    const [bars, beats, tempo] = ['bars', 'beats', 'tempo'].map(id => parse(byId(id, HTMLInputElement).value));
    const seconds = secondsOfBars(bars, beats, tempo);
    const problem = problemOf(fields.seconds, seconds);
    if (problem) toast(problem, { kind: 'error' });
    else state.set({ seconds });
  });
  const show = () => {
    const { recipe } = state;
    if (document.activeElement !== name) name.value = recipe.tune_hz ? note(recipe.tune_hz) : '';
    blur.setAttribute('aria-pressed', String(recipe.max_offset === most));
    const { own, tuned } = gridOf(recipe);
    const pitch = own < LOWEST_PITCH_HZ ? 'These layers give no pitch of their own.' : `The network's own pitch is ${said(own)}`;
    byId('tune-says').textContent = own < LOWEST_PITCH_HZ ? pitch : `${pitch}${recipe.tune_hz ? `; tuned, ${said(tuned)}.` : '.'}`;
  };
  state.watch(['tune_hz', 'max_offset', 'architecture', 'targets'], show);
}
