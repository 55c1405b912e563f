// A dream from the click to its last sound: sends the recipe, hears the previews, keeps the take.

import { parseWav } from '../audio/wav.js';
import { ask, complain, toast } from '../lib/toast.js';

const SILENCE_ALLOWED_MS = 5000;

// A take as it is heard, and what it started from where that is known.
export async function soundsOf(take, bridge) {
  const fetched = async name => parseWav(await (await ask(bridge.page(take.folder + name))).arrayBuffer());
  const [after, before] = await Promise.all([fetched('heard.wav'), take.before ? fetched('before.wav') : null]);
  return { after, before };
}

export class Run extends EventTarget {
  constructor(bridge, state) {
    super();
    this.bridge = bridge;
    this.state = state;
    this.id = null;
    this.busy = false;
    bridge.receive(update => update && this.#take(update));
  }

  start() {
    this.id = [...crypto.getRandomValues(new Uint8Array(9))].map(byte => byte.toString(16).padStart(2, '0')).join('');
    this.heard = null;
    this.fetching = false;
    this.busy = true;
    this.stopping = false;
    window.studio.counts.dreams += 1;
    window.studio.clickedAt = performance.now();
    window.studio.soundAfter = null;
    const { recipe, recording, guideRecording: guide } = this.state;
    Object.assign(this, { recording, guide });
    this.bridge.send('dream', {
      run: this.id, recipe, upload: recording?.token || null, guide: guide?.token || null,
    });
    this.#await();
    this.#tell('begin');
  }

  stop() {
    if (!this.busy || this.stopping) return;
    this.stopping = true;
    this.bridge.send('stop', { run: this.id });
    this.#tell('update', { ...this.last, state: 'stopping' });
  }

  async #take(update) {
    if (update.run !== this.id || !this.busy) return;
    window.studio.counts.updates += 1;
    this.last = update;
    this.#await();
    if (update.state === 'error') {
      this.#end();
      toast(update.message, { kind: 'error', lasts: 15000 });
      this.#tell('failed');
    } else if (update.state === 'left') { // stopped while still waiting: there is nothing to keep
      this.#end();
      this.#tell('failed');
    } else if (update.take) {
      this.#end();
      await this.#keep(update);
    } else {
      this.#tell('update', this.stopping ? { ...update, state: 'stopping' } : update);
      if (update.preview) this.#preview(update.preview);
    }
  }

  async #preview(path) {
    if (path === this.heard || this.fetching) return;
    const id = this.id;
    this.heard = path;
    this.fetching = true;
    try {
      const sound = parseWav(await (await ask(this.bridge.page(path))).arrayBuffer());
      if (this.busy && id === this.id) {
        window.studio.counts.previews += 1;
        this.#tell('preview', sound);
      }
    } catch { /* the next preview, or the sound itself, will do */ } finally {
      this.fetching = false;
    }
  }

  async #keep(update) {
    const { take } = update;
    try {
      const { trace, iterations, state } = update;
      this.#tell('done', { ...take, ...await soundsOf(take, this.bridge), trace, iterations, state, recording: this.recording, guide: this.guide });
      if (update.message) toast(update.message, { lasts: 15000 });
    } catch (error) {
      complain(error);
      this.#tell('failed');
    }
  }

  // Say so when nothing comes any more, instead of waiting for ever.
  #await() {
    clearTimeout(this.patience);
    this.patience = setTimeout(async () => {
      try {
        await ask(new URL('../healthz', this.bridge.baseUrl));
        this.#await();
      } catch (error) {
        this.#end();
        complain(error);
        this.#tell('failed', { lost: true });
      }
    }, SILENCE_ALLOWED_MS);
  }

  #end() {
    this.busy = false;
    clearTimeout(this.patience);
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
