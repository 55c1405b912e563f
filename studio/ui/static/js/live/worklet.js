// Plays what comes in by position, counted in samples from the beginning. What comes in replaces
// anything given for the same time before; where that is playing already, it fades over.

const SIZE = 1 << 18; // 5.9 s
const FADE = Math.round(0.02 * sampleRate);
const ENOUGH = Math.round(0.1 * sampleRate); // begin, or go on after a gap, with so much in hand
const REPORT = 2048;

/** @typedef {import('./messages.js').ToWorklet} ToWorklet */
/** @typedef {import('./messages.js').Block} Block */

class StudioLive extends AudioWorkletProcessor {
  constructor() {
    super();
    this.ring = new Float32Array(SIZE);
    this.head = 0;
    this.end = 0;
    this.playing = false;
    this.stopping = false;
    this.gain = 0;
    this.underruns = 0;
    this.late = 0;
    this.sinceReport = 0;
    /** @type {MessagePort | null} */
    this.transport = null;
    this.port.onmessage = (/** @type {MessageEvent<ToWorklet>} */ { data }) => {
      if (data.stop) this.stopping = true;
      if (!data.transport) return;
      this.transport = data.transport;
      this.transport.onmessage = (/** @type {MessageEvent<Block>} */ event) => this.take(event.data);
    };
  }

  /** @param {Block} block */
  take({ position, samples }) {
    const fades = this.playing && position < this.head && this.head < this.end;
    if (position < this.head) this.late += 1;
    const first = Math.max(0, this.head - position);
    for (let i = first; i < samples.length; i += 1) {
      const place = (position + i) % SIZE;
      const faded = i - first;
      if (fades && faded < FADE) {
        const weight = (faded + 1) / (FADE + 1);
        this.ring[place] += weight * (samples[i] - this.ring[place]);
      } else {
        this.ring[place] = samples[i];
      }
    }
    this.end = Math.max(this.end, position + samples.length);
  }

  /**
   * @param {Float32Array[][]} _
   * @param {Float32Array[][]} outputs
   */
  process(_, [[channel]]) {
    if (!this.playing && this.end - this.head >= ENOUGH) this.playing = true;
    for (let i = 0; this.playing && i < channel.length; i += 1) {
      const left = this.end - this.head;
      if (left <= 0) {
        this.playing = false;
        this.underruns += 1;
        break;
      }
      // Into a gap and out of it on a ramp, not over an edge.
      const wanted = this.stopping ? 0 : Math.min(1, left / 256);
      this.gain += Math.max(-1 / 256, Math.min(1 / 256, wanted - this.gain));
      channel[i] = this.ring[this.head % SIZE] * this.gain;
      this.head += 1;
    }
    if (!this.playing) this.gain = 0;
    this.sinceReport += channel.length;
    if (this.sinceReport >= REPORT) {
      this.sinceReport = 0;
      const { head, end, playing, underruns, late } = this;
      this.transport?.postMessage({ head, end, playing, underruns, late });
    }
    return !(this.stopping && this.gain <= 0);
  }
}

registerProcessor('studio-live', StudioLive);
