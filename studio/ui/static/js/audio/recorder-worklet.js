// Collects the first channel of the microphone in blocks of about 50 ms.

const BLOCK = 2048;

class StudioRecorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Float32Array(BLOCK);
    this.filled = 0;
  }

  /** @param {Float32Array[][]} inputs */
  process([input]) {
    const channel = input[0];
    if (channel) {
      for (const sample of channel) {
        this.block[this.filled] = sample;
        this.filled += 1;
        if (this.filled === BLOCK) {
          this.port.postMessage(this.block);
          this.block = new Float32Array(BLOCK);
          this.filled = 0;
        }
      }
    }
    return true;
  }
}

registerProcessor('studio-recorder', StudioRecorder);
