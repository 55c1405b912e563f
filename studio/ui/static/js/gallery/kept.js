// What is kept: remembered by this browser, taken home as a ZIP of lossless files.

import { recall, remember } from '../lib/memory.js';
import { ask, complain, toast } from '../lib/toast.js';
import { signOf } from '../lib/datasets.js';

const STORE = 'studio-kept';
const MOST_SOUNDS = 24; // of one file: each is dreamed again
const POLL_MS = 400;

export class Kept extends EventTarget {
  constructor(root, catalogue, baseUrl) {
    super();
    Object.assign(this, { root, catalogue, baseUrl });
    this.find = id => root.querySelector(`#${id}`);
    this.rows = new Set(read().map(id => catalogue.find(id)).filter(row => row !== undefined));
    this.strip = this.find('kept-strip');
    this.strip.addEventListener('click', event => this.#clicked(event));
    this.find('kept-clear').addEventListener('click', () => this.clear());
    this.find('kept-zip').addEventListener('click', () => (this.token ? this.#giveUp() : this.take()));
    this.#draw();
  }

  has(row) {
    return this.rows.has(row);
  }

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

  // Dream what is kept once more, without loss, and save it.
  async take() {
    if (this.rows.size > MOST_SOUNDS) {
      toast(`A file holds up to ${MOST_SOUNDS} sounds. Remove ${this.rows.size - MOST_SOUNDS} of them first.`, { kind: 'error' });
      return;
    }
    const files = new URL('gallery/files', this.baseUrl);
    try {
      this.#label('Starting …', 0);
      let job = await (await ask(files, { method: 'POST', body: JSON.stringify({ rows: [...this.rows] }) })).json();
      this.token = job.token;
      while (job.state === 'waiting' || job.state === 'dreaming') {
        this.#label(job.state === 'waiting' ? 'Waiting …' : `${job.done} of ${job.of} · Stop`, job.done / job.of);
        await new Promise(resolve => { setTimeout(resolve, POLL_MS); });
        if (!this.token) return;
        job = await (await ask(new URL(`gallery/files/${this.token}`, this.baseUrl))).json();
      }
      if (job.state === 'done') save(new URL(`gallery/files/${job.token}/download`, this.baseUrl), job.name);
      else if (job.message) toast(job.message, { kind: 'error' });
    } catch (error) {
      complain(error);
    } finally {
      this.token = null;
      this.#draw();
    }
  }

  async #giveUp() {
    const { token } = this;
    this.token = null;
    try {
      await ask(new URL(`gallery/files/${token}`, this.baseUrl), { method: 'DELETE' });
    } catch (error) {
      complain(error);
    }
  }

  #clicked(event) {
    const item = event.target.closest('.keepsake');
    if (!item) return;
    const row = Number(item.dataset.row);
    if (event.target.closest('.drop-it')) this.toggle(row);
    else this.dispatchEvent(new CustomEvent('choose', { detail: { row, since: event.timeStamp } }));
  }

  #changed() {
    remember(STORE, [...this.rows].map(row => this.catalogue.id(row)));
    this.#draw();
    this.dispatchEvent(new Event('change'));
  }

  #draw() {
    const { catalogue } = this;
    this.find('kept').classList.toggle('some', this.rows.size > 0);
    this.strip.replaceChildren(...[...this.rows].map(row => {
      const { dataset } = catalogue.group(row);
      const item = document.createElement('span');
      item.className = `keepsake ${dataset}`;
      item.dataset.row = row;
      item.innerHTML = `<button type="button" class="hear"><i class="sign" aria-hidden="true">${signOf(dataset)}</i><b></b></button>`
        + '<button type="button" class="drop-it">×</button>';
      item.querySelector('b').textContent = catalogue.title(row);
      item.querySelector('.hear').title = catalogue.detail(row);
      item.querySelector('.hear').setAttribute('aria-label', `${catalogue.title(row)}, ${catalogue.model(row)}`);
      item.querySelector('.drop-it').setAttribute('aria-label', `Remove ${catalogue.title(row)}`);
      return item;
    }));
    if (!this.token) this.#label(this.rows.size === 1 ? 'WAV' : `ZIP of ${this.rows.size}`, 0);
    this.find('kept-zip').title = 'Dreamed again without loss, about 3 s a sound. On another machine, rounding may differ a little.';
  }

  #label(text, part) {
    const button = this.find('kept-zip');
    button.querySelector('span').textContent = text;
    button.querySelector('.fill').style.transform = `scaleX(${part})`;
    button.classList.toggle('busy', part > 0 || Boolean(this.token));
  }
}

function read() {
  const ids = recall(STORE, []);
  return Array.isArray(ids) ? ids.filter(id => typeof id === 'string') : [];
}

function save(url, name) {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
