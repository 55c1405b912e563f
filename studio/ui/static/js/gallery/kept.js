// What is kept: remembered by this browser, taken home as a ZIP of lossless files.

import { ask, askJson, post } from '../lib/ask.js';
import { Emitter } from '../lib/bus.js';
import { contract } from '../lib/contract.js';
import { signMark } from '../lib/datasets.js';
import { closest, download, find, finder, make } from '../lib/dom.js';
import { recall, remember } from '../lib/memory.js';
import { complain, toast } from '../lib/toast.js';
import { askExport } from './export-dialog.js';

const STORE = 'studio-kept';
const MOST_SOUNDS = contract.limits.gallery_sounds ?? Infinity; // of one file: each is dreamed again
const POLL_MS = 400;

/** @extends {Emitter<{ change: void, choose: { row: number, since: number } }>} */
export class Kept extends Emitter {
  /**
   * Of the file that is being made.
   *
   * @type {string | null}
   */
  #token = null;

  /**
   * @param {HTMLElement} root
   * @param {import('../picker/catalogue.js').Catalogue} catalogue
   * @param {URL} baseUrl
   */
  constructor(root, catalogue, baseUrl) {
    super();
    this.catalogue = catalogue;
    this.baseUrl = baseUrl;
    this.byId = finder(root);
    this.rows = new Set(read().flatMap(id => catalogue.find(id) ?? []));
    this.strip = this.byId('kept-strip');
    this.strip.addEventListener('click', event => this.#clicked(event));
    this.byId('kept-clear').addEventListener('click', () => this.clear());
    this.byId('kept-zip').addEventListener('click', () => (this.#token ? this.#giveUp(this.#token) : this.take()));
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
    if (this.#token) {
      toast('A file is being made already. Wait for it, or stop it first.');
      return;
    }
    const options = await askExport(rows.length);
    if (!options) return;
    if (rows.length > MOST_SOUNDS) {
      toast(`This shared studio makes up to ${MOST_SOUNDS} sounds at once. Leave out ${rows.length - MOST_SOUNDS} of them, or run the studio on your own machine.`, { kind: 'error' });
      return;
    }
    try {
      this.#label('Starting …', 0);
      let job = await post(new URL('gallery/files', this.baseUrl), { rows, options });
      this.#token = job.token;
      void this.#stay(job.token);
      while (job.state === 'waiting' || job.state === 'dreaming') {
        this.#label(job.state === 'waiting' ? 'Waiting …' : `${job.done} of ${job.of} · Stop`, job.done / job.of);
        await new Promise(resolve => { setTimeout(resolve, POLL_MS); });
        if (!this.#token) return;
        job = await askJson(this.#file(this.#token));
      }
      if (job.state === 'done') download(this.#file(`${job.token}/download`), job.name);
      else if (job.message) toast(job.message, { kind: 'error' });
    } catch (error) {
      complain(error);
    } finally {
      this.#token = null;
      this.#draw();
    }
  }

  /**
   * Hold a connection while a file is made: when it closes, the studio knows that this page is gone.
   *
   * @param {string} token
   */
  async #stay(token) {
    while (this.#token === token) {
      try {
        if (!(await askJson(this.#file(`${token}/presence`))).made) return;
      } catch {
        await new Promise(resolve => { setTimeout(resolve, POLL_MS); });
      }
    }
  }

  /** @param {string} rest */
  #file(rest) {
    return new URL(`gallery/files/${rest}`, this.baseUrl);
  }

  /** @param {string} token */
  async #giveUp(token) {
    this.#token = null;
    try {
      await ask(this.#file(token), { method: 'DELETE' });
    } catch (error) {
      complain(error);
    }
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
    if (!this.#token) this.#label(this.rows.size === 1 ? 'Download …' : `Download ${this.rows.size} …`, 0);
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
    button.classList.toggle('busy', part > 0 || Boolean(this.#token));
  }
}

/** @returns {string[]} */
function read() {
  const ids = recall(STORE, []);
  return Array.isArray(ids) ? ids.filter(id => typeof id === 'string') : [];
}
