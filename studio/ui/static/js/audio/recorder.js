// The microphone, as samples: no lossy codec between the voice and the dream.

import { toWav } from './wav.js';

const MOST_SECONDS = 300;

export class Recorder {
  constructor() {
    this.on = false;
    this.onTime = () => {};
    this.onFull = () => {};
  }

  async start() {
    if (!window.isSecureContext || !navigator.mediaDevices) {
      throw new Error('Browsers allow the microphone only over https or on this machine itself. Upload a file instead.');
    }
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      });
    } catch (error) {
      const denied = error.name === 'NotAllowedError';
      throw new Error(denied
        ? 'The browser was told not to allow the microphone. Allow it beside the address, then try again.'
        : 'No microphone was found. Plug one in, or upload a file.');
    }
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule(new URL('recorder-worklet.js', import.meta.url));
    const node = new AudioWorkletNode(this.context, 'studio-recorder', { numberOfOutputs: 0 });
    this.blocks = [];
    this.count = 0;
    node.port.onmessage = event => this.#take(event.data);
    this.context.createMediaStreamSource(this.stream).connect(node);
    this.on = true;
  }

  stop() {
    if (!this.on) return null;
    this.on = false;
    this.stream.getTracks().forEach(track => track.stop());
    const rate = this.context.sampleRate;
    this.context.close();
    return this.count ? toWav(this.blocks, rate) : null;
  }

  #take(block) {
    if (!this.on) return;
    this.blocks.push(block);
    this.count += block.length;
    const time = this.count / this.context.sampleRate;
    const level = Math.sqrt(block.reduce((sum, value) => sum + value * value, 0) / block.length);
    this.onTime(time, level);
    if (time >= MOST_SECONDS) this.onFull();
  }
}
