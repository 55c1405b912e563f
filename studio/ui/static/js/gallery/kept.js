// What is kept: remembered by this browser, taken home as a ZIP of lossless files.

import { askExport } from '../export/dialog.js';
import { ExportJob } from '../export/job.js';
import { Emitter } from '../lib/bus.js';
import { contract } from '../lib/contract.js';
import { signMark } from '../lib/datasets.js';
import { closest, find, finder, make } from '../lib/dom.js';
import { recall, remember } from '../lib/memory.js';
import { toast } from '../lib/toast.js';

const STORE = 'studio-kept';
const MOST_SOUNDS = contract.limits.gallery_sounds ?? Infinity; // of one file: each is dreamed again

/** @extends {Emitter<{ change: void, choose: { row: number, since: number } }>} */
export class Kept extends Emitter {
  /**
   * @param {HTMLElement} root
   * @param {import('../picker/catalogue.js').Catalogue} catalogue
   * @param {URL} baseUrl
   */
  constructor(root, catalogue, baseUrl) {
    super();
    this.catalogue = catalogue;
    this.byId = finder(root);
    this.job = new ExportJob(new URL('gallery/files/', baseUrl), (words, part) => (words ? this.#label(words, part) : this.#draw()));
    this.rows = new Set(read().flatMap(id => catalogue.find(id) ?? []));
    this.strip = this.byId('kept-strip');
    this.strip.addEventListener('click', event => this.#clicked(event));
    this.byId('kept-clear').addEventListener('click', () => this.clear());
    this.byId('kept-zip').addEventListener('click', () => (this.job.running ? this.job.stop() : this.take()));
    this.#draw();
  }

  /** @param {number} row */
  has(row) {
    return this.rows.has(row);
  }

  /** @param {number} row */
  toggle(row) {
    if (!this.rows.delete(row)) this.rows.add(row);
    this.#changed();
  }

  clear() {
    const before = [...this.rows];
    this.rows.clear();
    this.#changed();
    toast('Nothing is kept any more.', {
      action: 'Undo',
      onAction: () => {
        for (const row of before) this.rows.add(row);
        this.#changed();
      },
    });
  }

  /** @param {number[]} rows */
  keepAll(rows) {
    const fresh = rows.filter(row => !this.rows.has(row));
    for (const row of fresh) this.rows.add(row);
    this.#changed();
    toast(`${fresh.length.toLocaleString('en')} more are kept.`, {
      action: 'Undo',
      onAction: () => {
        for (const row of fresh) this.rows.delete(row);
        this.#changed();
      },
    });
  }

  /**
   * Dream sounds once more, without loss, and save them as they are wanted.
   *
   * @param {number[]} [rows]  by default what is kept
   */
  async take(rows = [...this.rows]) {
    if (this.job.running) {
      toast('A file is being made already. Wait for it, or stop it first.');
      return;
    }
    const asked = await askExport([{ name: 'rows', label: 'Sounds', count: rows.length }], about);
    if (!asked) return;
    if (rows.length > MOST_SOUNDS) {
      toast(`This shared studio makes up to ${MOST_SOUNDS} sounds at once. Leave out ${rows.length - MOST_SOUNDS} of them, or run the studio on your own machine.`, { kind: 'error' });
      return;
    }
    await this.job.run({ rows, options: asked.options });
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const item = closest(event, '.keepsake');
    if (!item) return;
    const row = Number(item.dataset.row);
    if (closest(event, '.drop-it')) this.toggle(row);
    else this.emit('choose', { row, since: event.timeStamp });
  }

  #changed() {
    remember(STORE, [...this.rows].map(row => this.catalogue.id(row)));
    this.#draw();
    this.emit('change');
  }

  #draw() {
    this.byId('kept').classList.toggle('some', this.rows.size > 0);
    this.strip.replaceChildren(...[...this.rows].map(row => this.#keepsake(row)));
    if (!this.job.running) this.#label(this.rows.size === 1 ? 'Download …' : `Download ${this.rows.size} …`, 0);
    this.byId('kept-zip').title = 'Dreamed again without loss, about 3 s a sound. On another machine, rounding may differ a little.';
  }

  /** @param {number} row */
  #keepsake(row) {
    const { catalogue } = this;
    const { dataset } = catalogue.group(row);
    const title = catalogue.title(row);
    return make('span', { class: `keepsake ${dataset}`, 'data-row': row },
      make('button', { type: 'button', class: 'hear', title: catalogue.detail(row), 'aria-label': `${title}, ${catalogue.model(row)}` },
        signMark(dataset), make('b', {}, title)),
      make('button', { type: 'button', class: 'drop-it', 'aria-label': `Remove ${title}` }, '×'));
  }

  /**
   * @param {string} text
   * @param {number} part  0…1 of what is to be done
   */
  #label(text, part) {
    const button = this.byId('kept-zip');
    find(button, 'span').textContent = text;
    find(button, '.fill').style.transform = `scaleX(${part})`;
    button.classList.toggle('busy', part > 0 || this.job.running);
  }
}

/** @param {import('../export/dialog.js').Group} group */
function about({ count }) {
  return count > MOST_SOUNDS
    ? `This shared studio makes up to ${MOST_SOUNDS} sounds at once. On your own machine there is no such limit.`
    : 'Every sound is dreamed again without loss and keeps its recipe.';
}

/** @returns {string[]} */
function read() {
  const ids = recall(STORE, []);
  return Array.isArray(ids) ? ids.filter(id => typeof id === 'string') : [];
}
