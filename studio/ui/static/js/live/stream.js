// Sound that goes on: sets up worklet and transport, sends changes, measures how soon they are heard.

import { ask } from '../lib/toast.js';
import { followVolume, gainOf } from '../audio/volume.js';
import { Tape } from './tape.js';

const RATE = 44100;
const CHANGE_MS = 60; // changes that come faster are sent together
const MARGIN_SECONDS = 0.06;
const MOST_MARGIN_SECONDS = 0.3;

export class Stream extends EventTarget {
  constructor(baseUrl) {
    super();
    this.baseUrl = baseUrl;
    this.tape = new Tape();
    this.counts = { starts: 0, underruns: 0, late: 0, blocks: 0, changes: 0 };
    this.latencies = [];
    this.head = 0;
    this.running = false;
    this.share = 1;
    window.addEventListener('pagehide', () => {
      if (this.running && this.link.kind === 'post') navigator.sendBeacon(this.#address('close'));
    });
  }

  get seconds() {
    return this.head / RATE;
  }

  async start(settings, upload) {
    if (this.running || this.opening) return;
    this.opening = true;
    try {
      const began = performance.now();
      await this.#unlock();
      this.head = this.frontier = 0;
      this.pending = {};
      this.lastUnderruns = this.lastLate = 0;
      this.margin = MARGIN_SECONDS;
      this.awaited = null;
      this.tape.reset();
      this.#plug();
      this.link = await this.#open({ settings, upload });
      this.began = began;
      this.running = true;
      this.counts.starts += 1;
      this.#tell('change');
    } catch (error) {
      this.node?.port.postMessage({ stop: true });
      this.node?.disconnect();
      this.transport?.terminate();
      throw error;
    } finally {
      this.opening = false;
    }
  }

  stop() {
    if (!this.running) return;
    this.beforeStop?.();
    this.running = false;
    clearTimeout(this.sending);
    this.sending = null;
    const { node, transport } = this;
    node.port.postMessage({ stop: true });
    setTimeout(() => node.disconnect(), 100);
    // A log that was asked for still comes.
    Promise.allSettled([this.asked]).then(() => transport.postMessage({ close: true }));
    this.#tell('change');
  }

  // Send a change of settings; those that come in quick succession go together.
  change(changes, { glideSeconds = 0, upload = null } = {}) {
    if (!this.running) return;
    Object.assign(this.pending, changes);
    if (upload) this.upload = upload;
    if (glideSeconds || upload) this.#flush(glideSeconds);
    else if (!this.sending) {
      const wait = Math.max(0, CHANGE_MS - (performance.now() - (this.sentAt || 0)));
      this.sending = setTimeout(() => this.#flush(0), wait);
    }
  }

  // Step back to a share of the volume while something else is listened to. What is drawn and
  // recorded stays as it is.
  duck(share) {
    this.share = share;
    this.output?.gain.setTargetAtTime(share, this.context.currentTime, 0.02);
  }

  // What the microphone heard next.
  feed(samples) {
    if (!this.running) return;
    const whole = Int16Array.from(samples, value => Math.max(-32768, Math.min(32767, Math.round(value * 32768))));
    this.transport.postMessage({ send: whole });
  }

  // All moves of a recording, from which it can be made again.
  log(begin, samples) {
    this.asked = ask(this.#address(`log.json?begin=${begin}&samples=${samples}`)).then(answer => answer.json());
    return this.asked;
  }

  #address(rest) {
    return new URL(`live/sessions/${this.link.token}/${rest}`, this.baseUrl);
  }

  #flush(glideSeconds) {
    clearTimeout(this.sending);
    this.sending = null;
    if (!this.running || !Object.keys(this.pending).length) return;
    this.sentAt = performance.now();
    this.awaited = { since: this.sentAt, at: null };
    this.counts.changes += 1;
    const { pending: changes, margin, upload } = this;
    this.transport.postMessage({ send: { type: 'change', changes, glide_seconds: glideSeconds, margin, upload } });
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
      this.output = this.context.createGain();
      this.output.gain.value = this.share;
      // What is heard, not what is recorded, goes through the page's volume.
      const volume = this.context.createGain();
      followVolume(value => volume.gain.setTargetAtTime(gainOf(value), this.context.currentTime, 0.01));
      this.analyser.connect(this.output).connect(volume).connect(this.context.destination);
      this.ready = this.context.audioWorklet.addModule(new URL('worklet.js', import.meta.url));
    }
    this.transport = this.spare || newTransport();
    this.spare = null;
    await Promise.all([this.context.resume(), this.ready]);
  }

  #plug() {
    this.node = new AudioWorkletNode(this.context, 'studio-live', { numberOfInputs: 0, outputChannelCount: [1] });
    this.node.connect(this.analyser);
  }

  // Resolves to {kind, token} once the studio has answered.
  #open(start) {
    const { port1, port2 } = new MessageChannel();
    const { transport } = this;
    this.node.port.postMessage({ transport: port1 }, [port1]);
    const wish = new URLSearchParams(window.location.search).get('link');
    transport.postMessage({ open: { baseUrl: this.baseUrl.href, wish, start, port: port2 } }, [port2]);
    return new Promise((resolve, reject) => {
      transport.onmessage = ({ data: { name, detail } }) => {
        if (name === 'open') resolve(detail);
        else if (name === 'failed') reject(new Error(detail));
        else if (transport !== this.transport) return;
        else if (name === 'sound') this.#take(detail);
        else if (name === 'moved') this.#follow(detail);
        else if (name === 'news') this.#hear(detail);
        else this.#fail(detail);
      };
      transport.onerror = () => reject(new Error('This browser cannot play live sound. Try a newer one.'));
    });
  }

  #take({ position, samples }) {
    this.counts.blocks += 1;
    this.tape.put(position, samples, this.head);
    if (this.awaited && this.awaited.at === null && position < this.frontier) this.awaited.at = position;
    this.frontier = position + samples.length;
  }

  #hear(news) {
    if (news.type === 'refused') this.awaited = null;
    this.#tell(news.type, news);
  }

  #follow({ head, playing, underruns, late, lead }) {
    if (!this.running) return;
    if (playing && this.began) {
      this.firstSoundMs = performance.now() - this.began;
      this.began = null;
    }
    Object.assign(this, { head, lead });
    if (late > this.lastLate) this.margin = Math.min(MOST_MARGIN_SECONDS, this.margin + 0.02);
    this.counts.underruns += underruns - this.lastUnderruns;
    this.counts.late += late - this.lastLate;
    [this.lastUnderruns, this.lastLate] = [underruns, late];
    if (this.awaited?.at && head >= this.awaited.at) {
      this.latencies.push(performance.now() - this.awaited.since);
      this.awaited = null;
    }
    this.#tell('moved');
  }

  #fail(message) {
    if (!this.running) return;
    this.stop();
    this.#tell('failed', message);
  }

  // Have the next thread ready, for a quick start.
  warm() {
    this.spare ||= newTransport();
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

const newTransport = () => new Worker(new URL('transport-worker.js', import.meta.url), { type: 'module' });
