// What the page and the engine's thread tell each other.

import type { Contract, Model, Recipe } from '../lib/types.js';
import type { Build } from './wasm.js';

/** What the thread has to know before it can dream. */
export interface Setting {
  baseUrl: string;
  sampleRate: number;
  fields: Contract['recipe']['fields'];
  architectures: Contract['architectures'];
  models: Pick<Model, 'dataset' | 'architecture' | 'channels'>[];
  /** Another build than the best one for this browser. */
  build?: Build;
}

export interface ToEngine {
  set?: Setting;
  dream?: { recipe: Partial<Recipe>; initial?: Float32Array | null; guide?: Float32Array | null };
  /** After the iterations that it is at. */
  stop?: boolean;
}

export type FromEngine =
  | { name: 'ready'; build: Build }
  | { name: 'progress'; done: number; planned: number }
  | {
      name: 'dreamed';
      audio: Float32Array<ArrayBuffer>;
      initial: Float32Array<ArrayBuffer>;
      done: number;
      objective: number[];
      trouble: string;
      /** Milliseconds that the iterations took, plans and all. */
      took: number;
    }
  | { name: 'failed'; message: string };
