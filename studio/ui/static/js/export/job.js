// A file that the studio makes while the page asks how far it is.

import { ask, askJson, post } from '../lib/ask.js';
import { download } from '../lib/dom.js';
import { complain, toast } from '../lib/toast.js';

const POLL_MS = 400;

/**
 * @typedef {object} Told
 * @property {string} token
 * @property {string} state
 * @property {number} done
 * @property {number} of
 * @property {string | null} name
 * @property {string | null} message
 * @property {number} [missing]
 */

export class ExportJob {
  /**
   * Of the file that is being made.
   *
   * @type {string | null}
   */
  #token = null;
  #asked = false;

  /**
   * @param {URL} folder  where files are ordered, such as `…/gallery/files/`
   * @param {(words: string, part: number) => void} show  how far it is; '' where nothing is made
   */
  constructor(folder, show) {
    this.folder = folder;
    this.show = show;
  }

  get running() {
    return this.#asked;
  }

  /**
   * Order a file and save it when it is made; returns what was told at first, null where that failed.
   *
   * @param {object} order
   * @returns {Promise<Told | null>}
   */
  async run(order) {
    this.#asked = true;
    try {
      this.show('Starting …', 0);
      /** @type {Told} */
      const begun = await post(new URL(this.folder.href.replace(/\/$/, '')), order);
      let job = begun;
      this.#token = job.token;
      void this.#stay(job.token);
      while (job.state === 'waiting' || job.state === 'dreaming') {
        this.show(job.state === 'waiting' ? 'Waiting …' : `${job.done} of ${job.of} · Stop`, job.done / job.of);
        await new Promise(resolve => { setTimeout(resolve, POLL_MS); });
        if (!this.#token) return null;
        job = await askJson(new URL(this.#token, this.folder));
      }
      if (job.state === 'done') download(new URL(`${job.token}/download`, this.folder), job.name ?? '');
      else if (job.message) toast(job.message, { kind: 'error' });
      return begun;
    } catch (error) {
      complain(error);
      return null;
    } finally {
      this.#token = null;
      this.#asked = false;
      this.show('', 0);
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
        if (!(await askJson(new URL(`${token}/presence`, this.folder))).made) return;
      } catch {
        await new Promise(resolve => { setTimeout(resolve, POLL_MS); });
      }
    }
  }

  // Give the file up.
  async stop() {
    const token = this.#token;
    this.#token = null;
    if (!token) return;
    try {
      await ask(new URL(token, this.folder), { method: 'DELETE' });
    } catch (error) {
      complain(error);
    }
  }
}
