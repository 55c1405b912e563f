// Classes as columns of clips: listen, choose, rename, record into, drag.

import { mountRecorder } from '../audio/record-button.js';
import { closest, find, findAll, icon, make, makeButton } from '../lib/dom.js';
import { seconds } from '../lib/numbers.js';
import { complaining } from '../lib/toast.js';
import { ofDrop } from './files.js';

/** @typedef {import('./types.js').Clip} Clip */
/** @typedef {import('./types.js').SoundClass} SoundClass */
/** @typedef {import('./files.js').Given} Given */

const MOST_SHOWN = 150;
const CLIPS = 'text/x-clips';

export class Columns {
  /** @type {Set<string>} */
  chosen = new Set();
  onChoose = () => {};

  /**
   * @param {HTMLElement} root
   * @param {import('./project.js').OpenProject} own
   * @param {{ play: (url: URL) => Promise<void>, give: (given: Given[]) => Promise<void> }} does
   */
  constructor(root, own, { play, give }) {
    this.root = root;
    this.own = own;
    this.play = play;
    this.give = give;
    own.on('change', () => this.draw());
    root.addEventListener('change', event => {
      const box = event.target;
      if (!(box instanceof HTMLInputElement) || box.type !== 'checkbox') return;
      if (box.checked) this.chosen.add(box.value);
      else this.chosen.delete(box.value);
      this.onChoose();
    });
    root.addEventListener('dragstart', event => {
      const id = closest(event, '.own-clip')?.dataset.clip;
      if (id) event.dataTransfer?.setData(CLIPS, JSON.stringify(this.chosen.has(id) ? [...this.chosen] : [id]));
    });
    for (const type of ['dragover', 'dragleave']) {
      root.addEventListener(type, event => {
        if (type === 'dragover') event.preventDefault();
        for (const column of findAll(root, '.own-class')) column.classList.toggle('over', type === 'dragover' && column === closest(event, '.own-class'));
      });
    }
    root.addEventListener('drop', complaining(event => this.#drop(event)));
  }

  draw() {
    const classes = this.own.project?.classes ?? [];
    const there = new Set(classes.flatMap(each => each.clips.map(clip => clip.id)));
    for (const id of this.chosen) if (!there.has(id)) this.chosen.delete(id);
    this.root.replaceChildren(...classes.map(each => this.#column(each)),
      makeButton({ class: 'act', id: 'own-add-class' }, complaining(() => this.#addClass()), '+ Class'));
    this.onChoose();
  }

  async #addClass() {
    const names = (this.own.project?.classes ?? []).map(each => each.name);
    let number = names.length + 1;
    while (names.includes(`class ${number}`)) number += 1;
    if (!this.own.project) await this.own.create('');
    await this.own.change('add-class', { name: `class ${number}` });
    findAll(this.root, '.own-class header input', HTMLInputElement).pop()?.select();
  }

  /** @param {SoundClass} each */
  #column(each) {
    const name = make('input', { value: each.name, 'aria-label': `Name of the class ${each.name}`, maxlength: 80, spellcheck: false });
    name.addEventListener('change', complaining(async () => {
      if (name.value.trim() && name.value !== each.name) await this.own.change('rename', { name: each.name, to: name.value });
      else name.value = each.name;
    }));
    const record = make('button', { type: 'button', class: 'act' }, make('span', {}, 'Record'));
    mountRecorder(record, complaining(blob => this.give([{ file: new File([blob], 'recording.wav'), into: each.name }])));
    const picker = make('input', { type: 'file', multiple: true, hidden: true });
    picker.addEventListener('change', complaining(() => this.give([...picker.files ?? []].map(file => ({ file, into: each.name })))));
    const more = each.clips.length - MOST_SHOWN;
    return make('section', { class: 'own-class', 'data-class': each.name, 'aria-label': `Class ${each.name}` },
      make('header', {}, name, make('small', {}, `${each.clips.length}`)),
      each.remarks.length > 0 && make('p', { class: 'aside' }, each.remarks.join('; ')),
      make('ul', {}, ...each.clips.slice(0, MOST_SHOWN).map(clip => this.#row(clip)), more > 0 && make('li', { class: 'aside' }, `and ${more} more`)),
      make('footer', {}, record, picker, makeButton({ class: 'act' }, () => picker.click(), 'Add files'),
        makeButton({ class: 'act' }, () => this.#chooseAll(each), 'Choose all'),
        makeButton({ class: 'act' }, complaining(() => this.#delete(each)), 'Delete class')));
  }

  /** @param {Clip} clip */
  #row(clip) {
    const url = this.own.url(`clips/${clip.id}.wav`);
    return make('li', { class: clip.muted ? 'own-clip muted' : 'own-clip', 'data-clip': clip.id, draggable: 'true' },
      make('input', { type: 'checkbox', value: clip.id, checked: this.chosen.has(clip.id), 'aria-label': `Choose ${clip.name}` }),
      makeButton({ class: 'act', 'aria-label': `Play ${clip.name}` }, complaining(() => this.play(url)), icon('24 24', 'M8 5.5v13l10.5-6.5z')),
      make('span', { class: 'name', title: clip.name }, clip.name),
      make('small', {}, seconds(clip.seconds)),
      (clip.muted || clip.remarks.length > 0) && make('span', { class: 'remark' }, [clip.muted && 'muted', ...clip.remarks].filter(Boolean).join('; ')));
  }

  /** @param {SoundClass} each */
  #chooseAll(each) {
    const all = each.clips.every(clip => this.chosen.has(clip.id));
    for (const clip of each.clips) {
      if (all) this.chosen.delete(clip.id);
      else this.chosen.add(clip.id);
    }
    this.draw();
  }

  /** @param {SoundClass} each */
  async #delete(each) {
    if (each.clips.length && !window.confirm(`Delete the class “${each.name}” and its ${each.clips.length} clips?`)) return;
    await this.own.change('delete-class', { name: each.name });
  }

  /** @param {DragEvent} event */
  async #drop(event) {
    event.preventDefault(); // what is around it sees that it was taken
    for (const column of findAll(this.root, '.own-class')) column.classList.remove('over');
    const to = closest(event, '.own-class')?.dataset.class;
    const transfer = event.dataTransfer;
    if (!transfer) return;
    const clips = transfer.getData(CLIPS);
    if (clips && to) await this.own.change('move', { clips: JSON.parse(clips), to });
    else if (!clips) await this.give(await ofDrop(transfer, to));
  }
}

/**
 * What can be done with the chosen clips.
 *
 * @param {HTMLElement} root
 * @param {Columns} columns
 * @param {(id: string) => void} openCutter
 */
export function mountChosen(root, columns, openCutter) {
  const { own, chosen } = columns;
  const move = find(root, '#own-move', HTMLSelectElement);
  const cut = find(root, '#own-cut', HTMLButtonElement);
  columns.onChoose = () => {
    find(root, '#own-picked').hidden = !chosen.size;
    find(root, '#own-count').textContent = `${chosen.size} chosen`;
    cut.disabled = chosen.size !== 1;
    move.replaceChildren(make('option', { value: '' }, 'choose …'), ...(own.project?.classes ?? []).map(each => make('option', {}, each.name)));
  };
  move.addEventListener('change', complaining(async () => {
    if (move.value) await own.change('move', { clips: [...chosen], to: move.value });
  }));
  find(root, '#own-mute').addEventListener('click', complaining(() => {
    const clips = (own.project?.classes ?? []).flatMap(each => each.clips).filter(clip => chosen.has(clip.id));
    return own.change('mute', { clips: [...chosen], muted: !clips.every(clip => clip.muted) });
  }));
  find(root, '#own-remove').addEventListener('click', complaining(async () => {
    if (window.confirm(`Delete ${chosen.size === 1 ? 'this clip' : `these ${chosen.size} clips`}?`)) await own.change('delete-clips', { clips: [...chosen] });
  }));
  cut.addEventListener('click', () => openCutter([...chosen][0]));
}
