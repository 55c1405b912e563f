// What the page, the transport's thread, the worklet and the studio tell each other in Live.

import type { Recipe, Target } from '../lib/types.js';

/** A recipe, and what only a sound that goes on has. */
export interface LiveSettings extends Recipe {
  /** A second set of maps, and how far the way to it is gone, 0…1. */
  second: { dataset: string; architecture: string; targets: Target[] } | null;
  morph: number;
  level_db: number;
  input_level: number;
  freeze: boolean;
}

export interface LivePreset {
  name: string;
  changes: Partial<LiveSettings>;
}

/** `studio/live.json`. */
export interface LiveAbout {
  settings: LiveSettings;
  presets: LivePreset[];
  /** Settings come from a sequence, so that it is to begin at once. */
  sequence?: unknown;
}

/** What a session begins with. */
export interface Start {
  settings: LiveSettings;
  upload: string | null;
}

/** Samples from a position on, counted from the beginning. */
export interface Block {
  position: number;
  samples: Float32Array<ArrayBuffer>;
}

/** The state of what plays, measured by the studio. */
export interface Report {
  type: 'report';
  at: number;
  features: Record<string, number>;
  /** Share of the time that dreaming takes. */
  load: number;
  /** Iterations that were left out so far. */
  dropped: number;
  restored: number;
  message?: string;
}

export type News =
  | Report
  | { type: 'changed'; changes: Partial<LiveSettings> }
  | { type: 'refused'; message: string };

/** Where the worklet is, in samples. */
export interface Position {
  head: number;
  end: number;
  playing: boolean;
  underruns: number;
  /** Blocks that came after their time. */
  late: number;
}

export type Message = Int16Array<ArrayBuffer> | { type: string; [field: string]: unknown };

export interface ToTransport {
  open?: { sampleRate: number; baseUrl: string; wish: string | null; start: Start; port: MessagePort };
  send?: Message;
  close?: boolean;
}

export type FromTransport =
  | { name: 'open'; detail: { kind: string; token: string } }
  | { name: 'sound'; detail: Block }
  | { name: 'news'; detail: News }
  | { name: 'moved'; detail: Position & { lead: number } }
  | { name: 'closed'; detail: string }
  | { name: 'failed'; detail: string };

export interface ToWorklet {
  transport?: MessagePort;
  stop?: boolean;
}
