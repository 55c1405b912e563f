export interface Clip {
  id: string;
  name: string;
  start: number;
  seconds: number;
  muted: boolean;
  remarks: string[];
}

export interface SoundClass {
  name: string;
  remarks: string[];
  clips: Clip[];
}

export interface Test {
  accuracy: number;
  interval: [number, number];
  clips: number;
}

export interface Training {
  state: 'none' | 'starting' | 'training' | 'finishing' | 'paused' | 'interrupted' | 'done' | 'failed';
  error?: string;
  epoch?: number;
  epochs?: number;
  part?: number;
  seconds_left?: number;
  classes?: string[];
  chance?: number;
  train_accuracy?: number;
  train_interval?: [number, number];
  test?: Record<string, Test>;
  confused?: [string, string, number][];
  curve?: { epoch: number[]; train_accuracy: (number | null)[]; test_accuracy_five: (number | null)[] };
  dream?: { epoch: number; layer: number; map: number; label: string; number: number };
  model?: string;
}

export interface Project {
  slug: string;
  title: string;
  folder: string;
  classes: SoundClass[];
  training: Training;
  added?: number;
  problems?: string[];
}

export interface OwnModel {
  name: string;
  dataset: string;
  architecture: string;
  classes: number;
  /** Whether its maps have their sounds. */
  gallery: boolean;
  test?: Record<string, Test> | null;
}

export interface Listing {
  models: OwnModel[];
  /** Name of the model that was just taken in. */
  taken?: string;
  projects: { slug: string; title: string; clips: number }[];
  place: string;
  closed: string;
  sizes: string[];
}
