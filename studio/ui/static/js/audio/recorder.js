// The microphone, as samples: no lossy codec between the voice and the dream.

import { contract } from '../lib/contract.js';
import { toWav } from './wav.js';

const MOST_SECONDS = contract.limits.recording_seconds;

/** @returns {Promise<MediaStream>} */
export async function openMicrophone() {
  if (!window.isSecureContext || !navigator.mediaDevices) {
    throw new Error('Browsers allow the microphone only over https or on this machine itself. Upload a file instead.');
  }
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  } catch (cause) {
    const denied = cause instanceof Error && cause.name === 'NotAllowedError';
    throw new Error(denied
      ? 'The browser was told not to allow the microphone. Allow it beside the address, then try again.'
      : 'No microphone was found. Plug one in, or upload a file.', { cause });
  }
}

/**
 * Hand on what the microphone hears, in blocks; resolves to what ends that.
 *
 * @param {AudioContext} context
 * @param {MediaStream} microphone
 * @param {(block: Float32Array<ArrayBuffer>) => void} onBlock
 */
export async function tap(context, microphone, onBlock) {
  await context.audioWorklet.addModule(new URL('recorder-worklet.js', import.meta.url));
  const source = context.createMediaStreamSource(microphone);
  const node = new AudioWorkletNode(context, 'studio-recorder', { numberOfOutputs: 0 });
  node.port.onmessage = ({ data }) => onBlock(data);
  source.connect(node);
  return () => {
    microphone.getTracks().forEach(track => track.stop());
    source.disconnect();
    node.disconnect();
  };
}

export class Recorder {
  on = false;
  /** @type {(seconds: number, level: number) => void} */
  onTime = () => {};
  /** @type {() => void} */
  onFull = () => {};
  /** @type {Float32Array<ArrayBuffer>[]} */
  #blocks = [];
  #count = 0;
  #rate = 0;
  /** @type {() => void} */
  #close = () => {};

  async start() {
    const microphone = await openMicrophone();
    // A context of its own, at the microphone's own rate: it plays nothing, and goes with the recording.
    const context = new AudioContext();
    this.#blocks = [];
    this.#count = 0;
    this.#rate = context.sampleRate;
    const end = await tap(context, microphone, block => this.#take(block));
    this.#close = () => {
      end();
      context.close();
    };
    this.on = true;
  }

  // The recording, or null where nothing was heard.
  stop() {
    if (!this.on) return null;
    this.on = false;
    this.#close();
    return this.#count ? toWav(this.#blocks, this.#rate) : null;
  }

  /** @param {Float32Array<ArrayBuffer>} block */
  #take(block) {
    if (!this.on) return;
    this.#blocks.push(block);
    this.#count += block.length;
    const time = this.#count / this.#rate;
    const level = Math.sqrt(block.reduce((sum, value) => sum + value * value, 0) / block.length);
    this.onTime(time, level);
    if (time >= MOST_SECONDS) this.onFull();
  }
}
