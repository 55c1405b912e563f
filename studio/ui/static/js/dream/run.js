// A dream from the click to its last sound: sends the recipe, hears the previews, keeps the take.

import { parseWav } from '../audio/wav.js';
import { ask } from '../lib/ask.js';
import { Emitter } from '../lib/bus.js';
import { mark } from '../lib/inspect.js';
import { complain, toast } from '../lib/toast.js';

const SILENCE_ALLOWED_MS = 5000;
const LONG_MS = 15000;

/** @typedef {import('../lib/types.js').Sound} Sound */
/** @typedef {import('../lib/types.js').Update} Update */
/** @typedef {import('../lib/types.js').FinishedDream} FinishedDream */
/** @typedef {import('../lib/types.js').Recording} Recording */
/** @typedef {import('../lib/types.js').Guide} Guide */
/** @typedef {import('../picker/state.js').State} State */

/**
 * The way to the studio and back, over Gradio.
 *
 * @typedef {object} Bridge
 * @property {URL} baseUrl
 * @property {(name: 'dream' | 'stop', detail: object) => void} send
 * @property {(listener: (update: Update | null) => void) => void} receive
 * @property {(path: string) => URL} page  an address that the studio named
 */

/**
 * A take as it is heard, and what it started from where that is known.
 *
 * @param {{ folder: string, before: boolean }} take
 * @param {Bridge} bridge
 * @returns {Promise<{ after: Sound, before: Sound | null }>}
 */
export async function soundsOf(take, bridge) {
  /** @param {string} name */
  const fetched = async name => parseWav(await (await ask(bridge.page(take.folder + name))).arrayBuffer());
  const [after, before] = await Promise.all([fetched('heard.wav'), take.before ? fetched('before.wav') : null]);
  return { after, before };
}

/**
 * @typedef {object} RunEvents
 * @property {void} begin
 * @property {Update} update
 * @property {Sound} preview
 * @property {FinishedDream & { recording: Recording | null, guide: Guide | null }} done
 * @property {FinishedDream & { part: number, recording: Recording | null, guide: Guide | null }} part  of a batch
 * @property {{ lost: boolean }} failed  it ended without a take; `lost`: the studio does not answer any more
 */

/** @extends {Emitter<RunEvents>} */
export class Run extends Emitter {
  busy = false;
  counts = { dreams: 0, updates: 0, previews: 0 };
  /** @type {Update | null} */
  last = null;
  #id = '';
  /** @type {string | null} */
  #heard = null;
  #fetching = false;
  #stopping = false;
  /** @type {Recording | null} */
  #recording = null;
  /** @type {Guide | null} */
  #guide = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;

  /**
   * @param {Bridge} bridge
   * @param {State} state
   */
  constructor(bridge, state) {
    super();
    this.bridge = bridge;
    this.state = state;
    bridge.receive(update => update && this.#take(update));
  }

  /** @param {import('../lib/types.js').Recipe[]} [recipes]  a batch, instead of what the page is set to */
  start(recipes) {
    this.#id = [...crypto.getRandomValues(new Uint8Array(9))].map(byte => byte.toString(16).padStart(2, '0')).join('');
    this.#heard = null;
    this.#fetching = false;
    this.#stopping = false;
    this.busy = true;
    this.counts.dreams += 1;
    mark('dreams', this.counts.dreams);
    const { recipe, recording, guideRecording } = this.state;
    this.#recording = recording;
    this.#guide = guideRecording;
    this.bridge.send('dream', {
      run: this.#id, ...(recipes ? { recipes } : { recipe }), upload: recording?.token || null, guide: guideRecording?.token || null,
    });
    this.#await();
    this.emit('begin');
  }

  stop() {
    if (!this.busy || this.#stopping) return;
    this.#stopping = true;
    this.bridge.send('stop', { run: this.#id });
    this.emit('update', { ...this.last, run: this.#id, state: 'stopping' });
  }

  /** @param {Update} update */
  async #take(update) {
    if (update.run !== this.#id || !this.busy) return;
    this.counts.updates += 1;
    this.last = update;
    this.#await();
    if (update.state === 'error') {
      this.#fail();
      toast(update.message || 'The dream failed. Please try once more.', { kind: 'error', lasts: LONG_MS });
    } else if (update.state === 'left') { // stopped while still waiting: there is nothing to keep
      this.#fail();
    } else if (update.parts) {
      this.#takePart(update);
    } else if (update.take) {
      this.#end();
      await this.#keep(update, update.take);
    } else {
      this.emit('update', this.#stopping ? { ...update, state: 'stopping' } : update);
      if (update.preview) this.#preview(update.preview);
    }
  }

  /**
   * One of a batch. The last one ends the run, which leaves no take by itself.
   *
   * @param {Update} update
   */
  async #takePart({ take, part = 0, parts = 1, ...update }) {
    if (!take) {
      const done = (part + (update.iteration || 0) / (update.iterations || 1)) / parts;
      this.emit('update', { ...update, state: this.#stopping ? 'stopping' : 'batch', iteration: Math.round(100 * done), iterations: 100, trace: undefined });
      return;
    }
    const [recording, guide] = [this.#recording, this.#guide];
    if (part === parts - 1 || update.state === 'stopped') this.#fail();
    try {
      const { trace, iterations = 0, state } = update;
      if (trace) this.emit('part', { ...take, ...await soundsOf(take, this.bridge), trace, iterations, state, part, recording, guide });
    } catch (error) {
      complain(error);
    }
  }

  /** @param {string} path */
  async #preview(path) {
    if (path === this.#heard || this.#fetching) return;
    const id = this.#id;
    this.#heard = path;
    this.#fetching = true;
    try {
      const sound = parseWav(await (await ask(this.bridge.page(path))).arrayBuffer());
      if (this.busy && id === this.#id) {
        this.counts.previews += 1;
        this.emit('preview', sound);
      }
    } catch { /* the next preview, or the sound itself, will do */ } finally {
      this.#fetching = false;
    }
  }

  /**
   * @param {Update} update
   * @param {import('../lib/types.js').KeptSound} take
   */
  async #keep({ trace, iterations = 0, state, message }, take) {
    try {
      if (!trace) throw new Error('The dream came back without its curves. Please try once more.');
      const sounds = await soundsOf(take, this.bridge);
      this.emit('done', { ...take, ...sounds, trace, iterations, state, recording: this.#recording, guide: this.#guide });
      if (message) toast(message, { lasts: LONG_MS });
    } catch (error) {
      complain(error);
      this.#fail();
    }
  }

  // Say so when nothing comes any more, instead of waiting for ever.
  #await() {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(async () => {
      try {
        await ask(new URL('../healthz', this.bridge.baseUrl));
        this.#await();
      } catch (error) {
        complain(error);
        this.#fail({ lost: true });
      }
    }, SILENCE_ALLOWED_MS);
  }

  #fail({ lost = false } = {}) {
    this.#end();
    this.emit('failed', { lost });
  }

  #end() {
    this.busy = false;
    clearTimeout(this.#patience);
  }
}
