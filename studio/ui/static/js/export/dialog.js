// How sounds are exported: a dialogue made from what the contract says of every option.

import { pageBody } from '../lib/announce.js';
import { contract, problemOf } from '../lib/contract.js';
import { make, makeButton } from '../lib/dom.js';

/** @typedef {import('../lib/types.js').Field} Field */
/** @typedef {Record<string, string | number | boolean>} Options */

const { fields, of_the_finish: ofTheFinish } = contract.export;

/**
 * Sounds of which some may be exported, such as all that are shown.
 *
 * @typedef {object} Group
 * @property {string} name
 * @property {string} label
 * @property {number} count
 */

/**
 * Ask which sounds are to be exported and how; null where none are.
 *
 * @param {Group[]} groups  the first is proposed
 * @param {(group: Group) => string} about  what is to be known of them, in a sentence
 * @returns {Promise<{ group: Group, options: Options } | null>}
 */
export function askExport(groups, about) {
  const controls = Object.entries(fields).map(([name, field]) => control(name, field));
  const problem = make('p', { class: 'problem', role: 'alert' });
  const title = make('h2', { id: 'export-title' });
  const said = make('p', { class: 'aside' });
  const which = make('select', { id: 'export-group' }, ...groups.map(({ name, label, count }) =>
    make('option', { value: name }, `${label} (${count.toLocaleString('en')})`)));
  const group = () => groups.find(({ name }) => name === which.value) ?? groups[0];
  const form = make('form', { method: 'dialog' },
    title, said,
    groups.length > 1 && make('div', { class: 'export-field' }, make('label', { for: 'export-group' }, 'Which'), which),
    make('div', { class: 'export-fields' }, ...controls.map(({ row }) => row)), problem,
    make('div', { class: 'export-actions' },
      make('button', { type: 'submit', class: 'primary', value: 'download' }, 'Download'),
      makeButton({ class: 'secondary' }, () => dialog.close('untouched'), 'Untouched WAV'),
      makeButton({ class: 'secondary' }, () => dialog.close(), 'Cancel')));
  const dialog = make('dialog', { class: 'export', 'aria-labelledby': 'export-title' }, form);
  const read = () => Object.fromEntries(controls.map(({ name, value }) => [name, value()]));
  const show = () => {
    const untouched = read().sound === 'untouched';
    for (const { name, row } of controls) row.hidden = untouched && ofTheFinish.includes(name);
    problem.textContent = problemWith(read());
    title.textContent = titleOf(group().count);
    said.textContent = about(group());
  };
  form.addEventListener('input', show);
  form.addEventListener('submit', event => {
    if (problemWith(read())) event.preventDefault();
  });
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  pageBody().append(dialog);
  show();
  dialog.showModal();
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (dialog.returnValue === 'untouched') resolve({ group: group(), options: { sound: 'untouched' } });
      else resolve(dialog.returnValue === 'download' ? { group: group(), options: wanted(read()) } : null);
    });
  });
}

/** @param {number} count */
const titleOf = count => (count === 1 ? 'Download a sound' : `Download ${count.toLocaleString('en')} sounds`);

/**
 * What is sent: an untouched sound takes no level.
 *
 * @param {Options} options
 */
export function wanted(options) {
  if (options.sound !== 'untouched') return options;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ofTheFinish.includes(name)));
}

/**
 * What is wrong with some options, as a sentence; '' where nothing is.
 *
 * @param {Options} options
 */
export function problemWith(options) {
  const asked = wanted(options);
  if (asked.format === 'flac' && asked.bits === 'float') return 'FLAC has no float: choose 16-bit or 24-bit.';
  return Object.entries(asked).map(([name, value]) => problemOf(fields[name], value)).find(Boolean) ?? '';
}

/**
 * @param {string} name
 * @param {Field} field
 */
function control(name, field) {
  const id = `export-${name}`;
  const { input, value } = inputOf(id, field);
  const row = make('div', { class: 'export-field' },
    make('label', { for: id }, field.label), input, field.unit && make('span', { class: 'unit' }, field.unit),
    make('p', { class: 'help', id: `${id}-help` }, field.help));
  input.setAttribute('aria-describedby', `${id}-help`);
  return { name, row, value };
}

/**
 * @param {string} id
 * @param {Field} field
 * @returns {{ input: HTMLElement, value: () => string | number | boolean }}
 */
function inputOf(id, { kind, default: usual, choices, minimum, maximum, step }) {
  if (kind === 'choice') {
    const input = make('select', { id }, ...choices.map(choice =>
      make('option', { value: String(choice), selected: choice === usual }, String(choice))));
    return { input, value: () => input.value };
  }
  if (kind === 'switch') {
    const input = make('input', { id, type: 'checkbox', checked: usual === true });
    return { input, value: () => input.checked };
  }
  if (kind === 'name') {
    const input = make('input', { id, type: 'text', value: String(usual), maxlength: 80, autocomplete: 'off' });
    return { input, value: () => input.value.trim() };
  }
  const input = make('input', { id, type: 'number', value: String(usual), min: minimum, max: maximum, step: step && step >= 1 ? 1 : 'any' });
  return { input, value: () => (input.value === '' ? NaN : Number(input.value)) };
}
