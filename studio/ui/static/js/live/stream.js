// Sound that goes on: sets up worklet and transport, sends changes, measures how soon they are heard.

import { contract, SAMPLE_RATE } from '../lib/contract.js';
import { audio, glide, speakers, unlockOrSay } from '../audio/context.js';
import { askJson } from '../lib/ask.js';
import { Emitter } from '../lib/bus.js';
import { Tape } from './tape.js';

const CHANGE_MS = 60; // changes that come faster are sent together
const MARGIN_SECONDS = contract.live.margin_seconds;
const MOST_MARGIN_SECONDS = Math.min(0.3, contract.live.most_margin_seconds);
const ENDING_MS = 100; // for the sound to fade

/** @typedef {import('./messages.js').LiveSettings} LiveSettings */
/** @typedef {import('./messages.js').FromTransport} FromTransport */
/** @typedef {import('./messages.js').ToTransport} ToTransport */
/** @typedef {import('./messages.js').ToWorklet} ToWorklet */
/** @typedef {ReturnType<typeof setTimeout>} Timer */

/**
 * @typedef {object} StreamEvents
 * @property {void} change  it began, or ended
 * @property {void} moved
 * @property {import('./messages.js').Report} report
 * @property {{ changes: Partial<LiveSettings> }} changed  by the studio
 * @property {{ message: string }} refused
 * @property {string} failed
 */

/** @extends {Emitter<StreamEvents>} */
export class Stream extends Emitter {
  tape = new Tape();
  counts = { starts: 0, underruns: 0, late: 0, blocks: 0, changes: 0 };
  /**
   * How soon changes were heard, in milliseconds.
   *
   * @type {number[]}
   */
  latencies = [];
  /** From the click to the first sound. */
  firstSoundMs = 0;
  /** Samples that were played. */
  head = 0;
  running = false;
  /** How the studio is reached, and the session there. */
  link = { kind: '', token: '' };
  /** @type {() => void} */
  beforeStop = () => {};
  /** @type {AnalyserNode | null} */
  analyser = null;
  /** @type {GainNode | null} */
  output = null;
  #share = 1;
  #opening = false;
  /** @type {Promise<void> | null} */
  #ready = null;
  /** @type {AudioWorkletNode | null} */
  #node = null;
  /** @type {Worker | null} */
  #transport = null;
  /** @type {Worker | null} */
  #spare = null;
  /** @type {Partial<LiveSettings>} */
  #pending = {};
  /** @type {string | null} */
  #upload = null;
  /** @type {Timer | null} */
  #sending = null;
  #sentAt = 0;
  /** @type {number | null} */
  #began = null;
  #frontier = 0;
  #lastUnderruns = 0;
  #lastLate = 0;
  #margin = MARGIN_SECONDS;
  /**
   * The change that is to be heard: when it was sent, and from which sample on it is there.
   *
   * @type {{ since: number, at: number | null } | null}
   */
  #awaited = null;
  /** @type {Promise<unknown> | null} */
  #asked = null;

  /**
   * @param {URL} baseUrl
   * @param {AbortSignal} signal
   */
  constructor(baseUrl, signal) {
    super();
    this.baseUrl = baseUrl;
    window.addEventListener('pagehide', () => {
      if (this.running && this.link.kind === 'post') navigator.sendBeacon(this.#address('close'));
    }, { signal });
    signal.addEventListener('abort', () => this.stop());
  }

  get seconds() {
    return this.head / SAMPLE_RATE;
  }

  /**
   * @param {LiveSettings} settings
   * @param {string | null} upload  the recording to start from
   */
  async start(settings, upload) {
    if (this.running || this.#opening) return;
    this.#opening = true;
    try {
      const began = performance.now();
      await this.#unlock();
      this.head = this.#frontier = 0;
      this.#pending = {};
      this.#lastUnderruns = this.#lastLate = 0;
      this.#margin = MARGIN_SECONDS;
      this.#awaited = null;
      this.tape.reset();
      this.link = await this.#open({ settings, upload });
      this.#began = began;
      this.running = true;
      this.counts.starts += 1;
      this.emit('change');
    } catch (error) {
      this.#tellWorklet({ stop: true });
      this.#node?.disconnect();
      this.#transport?.terminate();
      throw error;
    } finally {
      this.#opening = false;
    }
  }

  stop() {
    if (!this.running) return;
    this.beforeStop();
    this.running = false;
    this.#unplan();
    const [node, transport] = [this.#node, this.#transport];
    this.#tellWorklet({ stop: true });
    setTimeout(() => node?.disconnect(), ENDING_MS);
    // A log that was asked for still comes.
    Promise.allSettled([this.#asked]).then(() => transport?.postMessage({ close: true }));
    this.emit('change');
  }

  /**
   * Send a change of settings; those that come in quick succession go together.
   *
   * @param {Partial<LiveSettings>} changes
   * @param {{ glideSeconds?: number, upload?: string | null }} [how]
   */
  change(changes, { glideSeconds = 0, upload = null } = {}) {
    if (!this.running) return;
    Object.assign(this.#pending, changes);
    if (upload) this.#upload = upload;
    if (glideSeconds || upload) this.#flush(glideSeconds);
    else if (!this.#sending) {
      const wait = Math.max(0, CHANGE_MS - (performance.now() - this.#sentAt));
      this.#sending = setTimeout(() => this.#flush(0), wait);
    }
  }

  /**
   * Step back to a share of the volume while something else is listened to. What is drawn and
   * recorded stays as it is.
   *
   * @param {number} share
   */
  duck(share) {
    this.#share = share;
    if (this.output) glide(this.output, share);
  }

  /**
   * What the microphone heard next.
   *
   * @param {Float32Array} samples
   */
  feed(samples) {
    if (!this.running) return;
    this.#tellTransport({ send: Int16Array.from(samples, value => Math.max(-32768, Math.min(32767, Math.round(value * 32768)))) });
  }

  /**
   * All moves of a recording, from which it can be made again.
   *
   * @param {number} begin
   * @param {number} samples
   * @returns {Promise<{ complete: boolean }>}
   */
  log(begin, samples) {
    const asked = askJson(this.#address(`log.json?begin=${begin}&samples=${samples}`));
    this.#asked = asked;
    return asked;
  }

  // Have the next thread ready, for a quick start.
  warm() {
    this.#spare ||= newTransport();
  }

  /** @param {string} rest */
  #address(rest) {
    return new URL(`live/sessions/${this.link.token}/${rest}`, this.baseUrl);
  }

  /** @param {ToTransport} message */
  #tellTransport(message) {
    this.#transport?.postMessage(message);
  }

  /** @param {ToWorklet} message */
  #tellWorklet(message) {
    this.#node?.port.postMessage(message);
  }

  #unplan() {
    if (this.#sending) clearTimeout(this.#sending);
    this.#sending = null;
  }

  /** @param {number} glideSeconds */
  #flush(glideSeconds) {
    this.#unplan();
    if (!this.running || !Object.keys(this.#pending).length) return;
    this.#sentAt = performance.now();
    this.#awaited = { since: this.#sentAt, at: null };
    this.counts.changes += 1;
    this.#tellTransport({
      send: { type: 'change', changes: this.#pending, glide_seconds: glideSeconds, margin: this.#margin, upload: this.#upload },
    });
    this.#pending = {};
    this.#upload = null;
  }

  async #unlock() {
    if (!window.isSecureContext || !window.AudioWorkletNode) {
      throw new Error('Browsers play live sound only over https or on this machine itself. Open the studio as localhost.');
    }
    const context = audio();
    if (!this.output) {
      this.analyser = context.createAnalyser();
      this.analyser.fftSize = 2048;
      this.analyser.smoothingTimeConstant = 0;
      this.output = context.createGain();
      this.output.gain.value = this.#share;
      this.analyser.connect(this.output).connect(speakers());
    }
    this.#ready ||= context.audioWorklet.addModule(new URL('worklet.js', import.meta.url));
    await Promise.all([unlockOrSay(), this.#ready]);
  }

  /**
   * Resolves once the studio has answered.
   *
   * @param {import('./messages.js').Start} start
   * @returns {Promise<{ kind: string, token: string }>}
   */
  #open(start) {
    const { port1, port2 } = new MessageChannel();
    const transport = this.#spare || newTransport();
    this.#spare = null;
    this.#transport = transport;
    this.#node = new AudioWorkletNode(audio(), 'studio-live', { numberOfInputs: 0, outputChannelCount: [1] });
    if (this.analyser) this.#node.connect(this.analyser);
    /** @type {ToWorklet} */
    const toWorklet = { transport: port1 };
    this.#node.port.postMessage(toWorklet, [port1]);
    const wish = new URLSearchParams(window.location.search).get('link');
    /** @type {ToTransport} */
    const opening = { open: { sampleRate: SAMPLE_RATE, baseUrl: this.baseUrl.href, wish, start, port: port2 } };
    transport.postMessage(opening, [port2]);
    return new Promise((resolve, reject) => {
      transport.onmessage = (/** @type {MessageEvent<FromTransport>} */ { data: { name, detail } }) => {
        if (name === 'open') resolve(detail);
        else if (name === 'failed') reject(new Error(detail));
        else if (transport !== this.#transport) return;
        else if (name === 'sound') this.#take(detail);
        else if (name === 'moved') this.#follow(detail);
        else if (name === 'news') this.#hear(detail);
        else this.#fail(detail);
      };
      transport.onerror = () => reject(new Error('This browser cannot play live sound. Try a newer one.'));
    });
  }

  /** @param {import('./messages.js').Block} block */
  #take({ position, samples }) {
    this.counts.blocks += 1;
    this.tape.put(position, samples, this.head);
    if (this.#awaited && this.#awaited.at === null && position < this.#frontier) this.#awaited.at = position;
    this.#frontier = position + samples.length;
  }

  /** @param {import('./messages.js').News} news */
  #hear(news) {
    if (news.type === 'refused') {
      this.#awaited = null;
      this.emit('refused', news);
    } else if (news.type === 'changed') this.emit('changed', news);
    else if (news.type === 'report') this.emit('report', news);
  }

  /** @param {import('./messages.js').Position} position */
  #follow({ head, playing, underruns, late }) {
    if (!this.running) return;
    if (playing && this.#began !== null) {
      this.firstSoundMs = performance.now() - this.#began;
      this.#began = null;
    }
    this.head = head;
    if (late > this.#lastLate) this.#margin = Math.min(MOST_MARGIN_SECONDS, this.#margin + 0.02);
    this.counts.underruns += underruns - this.#lastUnderruns;
    this.counts.late += late - this.#lastLate;
    [this.#lastUnderruns, this.#lastLate] = [underruns, late];
    if (this.#awaited?.at && head >= this.#awaited.at) {
      this.latencies.push(performance.now() - this.#awaited.since);
      this.#awaited = null;
    }
    this.emit('moved');
  }

  /** @param {string} message */
  #fail(message) {
    if (!this.running) return;
    this.stop();
    this.emit('failed', message);
  }
}

const newTransport = () => new Worker(new URL('transport-worker.js', import.meta.url), { type: 'module' });
