// The project that is open: what the studio knows of it, and what is asked of the studio.

import { askJson, post } from '../lib/ask.js';
import { Emitter } from '../lib/bus.js';

/** @typedef {import('./types.js').Project} Project */
/** @typedef {import('./types.js').Listing} Listing */

const FIRST_TITLE = 'My sounds';

/** @extends {Emitter<{ change: void, listing: void }>} */
export class OpenProject extends Emitter {
  /** @type {Project | null} */
  project = null;
  /** @type {Listing | null} */
  listing = null;

  /** @param {URL} baseUrl */
  constructor(baseUrl) {
    super();
    this.baseUrl = baseUrl;
  }

  /** @param {string} path  below the open project */
  url(path) {
    return new URL(`own/projects/${encodeURIComponent(this.project?.slug ?? '')}/${path}`, this.baseUrl);
  }

  async list() {
    this.listing = /** @type {Listing} */ (await askJson(new URL('own/projects.json', this.baseUrl)));
    this.emit('listing');
  }

  /** @param {string} slug */
  async open(slug) {
    this.#become(await askJson(new URL(`own/projects/${encodeURIComponent(slug)}.json`, this.baseUrl)));
  }

  /** @param {string} title */
  async create(title) {
    this.#become(await post(new URL('own/projects', this.baseUrl), { title: title || FIRST_TITLE }));
    await this.list();
  }

  async openExample() {
    this.#become(await post(new URL('own/projects', this.baseUrl), { example: true }));
    await this.list();
  }

  /** @param {boolean} models  its models, too */
  async delete(models) {
    this.listing = await post(this.url('delete'), { models });
    this.project = null;
    this.emit('listing');
    this.emit('change');
  }

  /**
   * @param {string} kind
   * @param {Record<string, unknown>} asked
   */
  async change(kind, asked) {
    this.#become(await post(this.url(`change/${kind}`), asked));
  }

  /**
   * Add a file to a class; returns what was said of it.
   *
   * @param {Blob} file
   * @param {string} name
   * @param {string} into
   * @param {boolean} silences  cut there
   * @returns {Promise<string[]>}
   */
  async add(file, name, into, silences) {
    if (!this.project) await this.create('');
    const url = new URL(`own/uploads/${encodeURIComponent(this.project?.slug ?? '')}${silences ? '?silences=1' : ''}`, this.baseUrl);
    const headers = { 'x-file-name': encodeURIComponent(name), 'x-class': encodeURIComponent(into), 'content-type': 'application/octet-stream' };
    this.#become(await askJson(url, { method: 'POST', headers, body: file }));
    return this.project?.problems ?? [];
  }

  /** @param {Project} project */
  #become(project) {
    this.project = project;
    this.emit('change');
  }
}
