// Sound that goes on: keeps the worklet a little ahead of what is heard, sends changes, and
// measures how soon they are heard.

import { Link } from './link.js';
import { Tape } from './tape.js';

const RATE = 44100;
const LEAD_SECONDS = { socket: 0.4, post: 0.7 };
const MOST_LEAD_SECONDS = 1.6;
const CHANGE_MS = 60; // changes that come faster are sent together
const MARGIN_SECONDS = 0.06;

export class Stream extends EventTarget {
  constructor(home) {
    super();
    this.home = home;
    this.tape = new Tape();
    this.counts = { starts: 0, underruns: 0, late: 0, blocks: 0, changes: 0 };
    this.latencies = [];
    this.head = 0;
  }

  get running() {
    return Boolean(this.link);
  }

  get seconds() {
    return this.head / RATE;
  }

  async start(settings, upload) {
    if (this.link || this.opening) return;
    this.opening = true;
    const began = performance.now();
    try {
      await this.#unlock();
      const link = new Link(this.home);
      link.addEventListener('sound', event => this.#take(event.detail));
      link.addEventListener('news', event => this.#hear(event.detail));
      link.addEventListener('closed', event => {
        this.stop();
        this.#tell('failed', event.detail);
      });
      this.head = this.frontier = 0;
      this.pending = {};
      this.lastUnderruns = this.lastLate = 0;
      this.margin = MARGIN_SECONDS;
      this.tape.reset();
      await link.open({ settings, upload });
      this.began = began;
      this.link = link;
      this.lead = LEAD_SECONDS[link.kind];
      this.counts.starts += 1;
      this.#plug();
      this.#want();
      this.#tell('change');
    } finally {
      this.opening = false;
    }
  }

  stop() {
    if (!this.link) return;
    this.beforeStop?.();
    const { link } = this;
    this.link = null;
    clearTimeout(this.sending);
    this.node.port.postMessage({ stop: true });
    const { node } = this;
    setTimeout(() => node.disconnect(), 100);
    // A log that was asked for still comes.
    setTimeout(() => link.close(), link.asked ? 1500 : 0);
    this.#tell('change');
  }

  // Send a change of settings; those that come in quick succession go together.
  change(changes, { glideSeconds = 0, upload = null } = {}) {
    if (!this.link) return;
    Object.assign(this.pending, changes);
    if (upload) this.upload = upload;
    if (glideSeconds || upload) this.#flush(glideSeconds);
    else if (!this.sending) {
      const wait = Math.max(0, CHANGE_MS - (performance.now() - (this.sentAt || 0)));
      this.sending = setTimeout(() => this.#flush(0), wait);
    }
  }

  feed(samples) {
    this.link?.send(Int16Array.from(samples, value => Math.max(-32768, Math.min(32767, Math.round(value * 32768)))));
  }

  level() {
    if (!this.link) return 0;
    const frame = new Float32Array(this.analyser.fftSize);
    this.analyser.getFloatTimeDomainData(frame);
    return Math.sqrt(frame.reduce((sum, value) => sum + value * value, 0) / frame.length);
  }

  #flush(glideSeconds) {
    clearTimeout(this.sending);
    this.sending = null;
    if (!this.link || !Object.keys(this.pending).length) return;
    this.sentAt = performance.now();
    this.awaited = { since: this.sentAt, at: null };
    this.counts.changes += 1;
    this.link.send({ type: 'change', changes: this.pending, glide_seconds: glideSeconds, margin: this.margin, upload: this.upload });
    this.pending = {};
    this.upload = null;
  }

  async #unlock() {
    if (!window.isSecureContext || !window.AudioWorkletNode) {
      throw new Error('Browsers play live sound only over https or on this machine itself. Open the studio as localhost.');
    }
    if (!this.context) {
      this.context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' });
      this.analyser = this.context.createAnalyser();
      this.analyser.fftSize = 2048;
      this.analyser.smoothingTimeConstant = 0;
      this.analyser.connect(this.context.destination);
      this.ready = this.context.audioWorklet.addModule(new URL('worklet.js', import.meta.url));
    }
    await Promise.all([this.context.resume(), this.ready]);
  }

  #plug() {
    this.node = new AudioWorkletNode(this.context, 'studio-live', { numberOfInputs: 0, outputChannelCount: [1] });
    const { node } = this;
    node.port.onmessage = ({ data }) => node === this.node && this.#follow(data);
    node.connect(this.analyser);
  }

  #take({ position, samples }) {
    if (!this.link) return;
    this.counts.blocks += 1;
    this.tape.put(position, samples, this.head);
    if (this.awaited && this.awaited.at === null && position < this.frontier) this.awaited.at = position;
    this.frontier = position + samples.length;
    this.node.port.postMessage({ position, samples });
  }

  #hear(news) {
    if (news.type === 'refused') this.awaited = null;
    this.#tell(news.type, news);
  }

  // The worklet says where it is, about twenty times a second.
  #follow({ head, playing, underruns, late }) {
    if (!this.link) return;
    if (playing && this.began) {
      this.firstSoundMs = performance.now() - this.began;
      this.began = null;
    }
    this.head = head;
    if (underruns > this.lastUnderruns) this.lead = Math.min(MOST_LEAD_SECONDS, this.lead * 1.3);
    if (late > this.lastLate) this.margin = Math.min(0.3, this.margin + 0.02);
    this.counts.underruns += underruns - this.lastUnderruns;
    this.counts.late += late - this.lastLate;
    [this.lastUnderruns, this.lastLate] = [underruns, late];
    if (this.awaited?.at && head >= this.awaited.at) {
      this.latencies.push(performance.now() - this.awaited.since);
      this.awaited = null;
    }
    this.#want();
    this.#tell('moved');
  }

  #want() {
    this.link.send({ type: 'want', until: Math.round(this.head + this.lead * RATE), played: this.head });
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
