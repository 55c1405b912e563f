// One sound at a time, exchangeable while it plays: the next version takes over at the same place
// with a short cross-fade.

import { followVolume, gainOf } from './volume.js';

const FADE_SECONDS = 0.03;

export class Player extends EventTarget {
  constructor() {
    super();
    this.samples = null;
    this.rate = 44100;
    this.loop = false;
    this.share = 1;
    this.plays = 0;
    this.playing = false;
    this.offset = 0;
    this.startedAt = 0;
    this.voice = null;
    followVolume(volume => this.#setVolume(volume));
  }

  get duration() {
    return this.samples ? this.samples.length / this.rate : 0;
  }

  get position() {
    if (!this.playing) return this.offset;
    const passed = this.offset + this.context.currentTime - this.startedAt;
    return this.loop && this.duration ? passed % this.duration : Math.min(passed, this.duration);
  }

  // Browsers allow sound only from a gesture on: call this in every click that may lead to one.
  unlock() {
    if (!this.context) {
      const Context = window.AudioContext || window.webkitAudioContext;
      this.context = new Context({ sampleRate: 44100, latencyHint: 'interactive' });
      this.output = this.context.createGain();
      this.analyser = this.context.createAnalyser();
      this.analyser.fftSize = 2048;
      this.output.connect(this.analyser).connect(this.context.destination);
      this.#setVolume(this.volume);
    }
    if (this.context.state !== 'running') this.context.resume();
  }

  // Step back to a share of the volume while something else is listened to.
  duck(share) {
    this.share = share;
    this.#setVolume(this.volume);
  }

  // Another sound in place of this one; goes on where it is when playing.
  load(samples, rate = 44100) {
    const at = this.position;
    this.samples = samples;
    this.rate = rate;
    this.buffer = null;
    this.offset = at < this.duration ? at : 0;
    if (this.playing) this.#start(this.offset);
    this.#tell();
  }

  play(from = this.position) {
    if (!this.samples) return;
    this.unlock();
    this.#start(from >= this.duration - 0.01 ? 0 : from);
    this.plays += 1;
    this.#tell();
  }

  pause() {
    if (!this.playing) return;
    this.offset = this.position;
    this.#release();
    this.playing = false;
    this.#tell();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  seek(seconds) {
    this.offset = Math.max(0, Math.min(seconds, this.duration));
    if (this.playing) this.#start(this.offset);
    this.#tell();
  }

  setLoop(loop) {
    if (this.playing) this.offset = this.position;
    if (this.playing) this.startedAt = this.context.currentTime;
    this.loop = loop;
    if (this.voice) this.voice.source.loop = loop;
    this.#tell();
  }

  // Level of what is playing now, root mean square.
  level() {
    if (!this.analyser || !this.playing) return 0;
    const frame = new Float32Array(this.analyser.fftSize);
    this.analyser.getFloatTimeDomainData(frame);
    return Math.sqrt(frame.reduce((sum, value) => sum + value * value, 0) / frame.length);
  }

  #setVolume(volume) {
    this.volume = volume;
    if (this.output) this.output.gain.setTargetAtTime(gainOf(volume) * this.share, this.context.currentTime, 0.01);
  }

  #start(offset) {
    this.#release();
    const now = this.context.currentTime;
    if (!this.buffer) {
      this.buffer = this.context.createBuffer(1, this.samples.length, this.rate);
      this.buffer.copyToChannel(this.samples, 0);
    }
    const source = this.context.createBufferSource();
    const gain = this.context.createGain();
    source.buffer = this.buffer;
    source.loop = this.loop;
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(1, now + FADE_SECONDS);
    source.connect(gain).connect(this.output);
    source.start(now, offset);
    const voice = { source, gain };
    source.onended = () => {
      if (this.voice !== voice) return;
      this.voice = null;
      this.playing = false;
      this.offset = 0;
      this.#tell();
    };
    this.voice = voice;
    this.offset = offset;
    this.startedAt = now;
    this.playing = true;
  }

  #release() {
    if (!this.voice) return;
    const { source, gain } = this.voice;
    const now = this.context.currentTime;
    this.voice = null;
    gain.gain.cancelScheduledValues(now);
    gain.gain.setValueAtTime(gain.gain.value, now);
    gain.gain.linearRampToValueAtTime(0, now + FADE_SECONDS);
    source.stop(now + FADE_SECONDS + 0.01);
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}
