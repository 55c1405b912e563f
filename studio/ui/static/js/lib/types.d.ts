// What the studio and the page tell each other, and what several modules share.

/** `[layer, map, weight, measure]`; a map of null is the whole layer, no measure the paper's. */
export type Target = [layer: number, map: number | null, weight?: number, measure?: Measure];

/** Points in the order of their times, both parts 0 … 1; empty: the target counts alike throughout. */
export type Curve = [time: number, value: number][];

export type Measure = 'response' | 'activation' | 'guide';

/** Settings of a next stage: what differs from the first. */
export type Changes = Record<string, any> & { targets?: Target[]; iterations?: number };

/** All settings of a dream, by the names that `studio.dreaming.recipe` gives them. */
export interface Recipe {
  dataset: string;
  architecture: string;
  targets: Target[];
  /** A built-in sound, or the name of a recording. */
  initial: string;
  start_seconds: number;
  seconds: number;
  seed: number;
  iterations: number;
  /** 'none', a built-in sound, or the name of a recording. */
  guide?: string;
  stages?: Changes[];
  curves?: Curve[];
  [field: string]: any;
}

/** `[kernel, stride, padding]` of a convolution, in samples of its input. */
export type Convolution = [kernel: number, stride: number, padding: number];

export interface Architecture {
  label: string;
  convolutions: Convolution[];
}

export interface Model {
  dataset: string;
  architecture: string;
  classes: string[];
  /** Feature maps of every layer. */
  channels: number[];
  card: Record<string, any>;
}

/** `studio/models.json`. */
export interface Listing {
  models: Model[];
  /** Names of models whose files cannot be used. */
  left_out?: string[];
  architectures: Record<string, Architecture>;
  /** The recipe to begin with. */
  first: Recipe;
  defaults?: Recipe;
}

export interface Layer {
  /** Values of each map for the whole sound. */
  length: number;
  channels: number;
  label: string;
  /** The log-softmax. */
  output?: boolean;
}

export interface Preset {
  name: string;
  says: string;
  recipe: Recipe;
}

/** A sound in memory: full scale ±1. */
export interface Sound {
  samples: Float32Array<ArrayBuffer>;
  /** Hz. */
  rate: number;
  /** Left and right of a stereo sound, whose mean is `samples`. */
  channels?: Float32Array<ArrayBuffer>[];
}

/** What the studio measured of a finished sound: shares 0…1, levels in dB. */
export interface Measured {
  active_share: number;
  below_20_hz: number;
  above_4_khz: number;
  /** LUFS; null for silence. */
  loudness_lufs: number | null;
  /** Of a loop: how far the level at the seam lies from the median. */
  seam_db: number | null;
}

/** Smallest and largest sample of every column, and the largest size of all. */
export interface Peaks {
  low: ArrayLike<number>;
  high: ArrayLike<number>;
  most: number;
}

/** A recording that the studio holds for this visit. */
export interface Recording {
  token: string;
  name: string;
  seconds: number;
  sample_rate: number;
  channels: number;
  peaks: [low: number[], high: number[]];
  /** The recipe inside, where the studio made this sound. */
  recipe?: Recipe | null;
  /** Why a recipe inside could not be read. */
  unread?: string | null;
  /** Which choice it came by: 'file' or 'microphone'. */
  from?: string;
}

/** What of a recording is enough to be guided by it. */
export type Guide = Pick<Recording, 'token' | 'name'>;

export interface Recordings {
  recording?: Recording | null;
  guide?: Guide | null;
}

export type FeatureName = 'loudness' | 'brightness' | 'noisiness' | 'roughness';

/** A dream's features as it grows, one value for every look at it. */
export type Trace = Record<FeatureName | 'iteration', number[]> & { objective?: number[] };

/** A sound that the studio keeps: where it is, and how it was made. */
export interface KeptSound {
  token: string;
  folder: string;
  recipe: Recipe;
  seconds: number;
  /** Whether what it started from is kept, too. */
  before: boolean;
  measured?: Measured;
}

/** What the studio tells of a dream in progress. */
export interface Update {
  run: string;
  state: string;
  iteration?: number;
  iterations?: number;
  seconds_left?: number | null;
  /** Dreams that come before this one, and about how long that takes. */
  ahead?: number;
  wait_seconds?: number | null;
  trace?: Trace;
  /** The address of a preview. */
  preview?: string;
  take?: KeptSound;
  message?: string;
  /** Of a batch: which dream this is, from 0, of how many. */
  part?: number;
  parts?: number;
}

/** Where it was made: a finished dream with its sounds. */
export interface FinishedDream extends Omit<KeptSound, 'before'> {
  before: Sound | null;
  after: Sound;
  trace: Trace;
  iterations: number;
  state: string;
}

/** What the list of takes keeps of a dream. */
export interface Take extends Omit<KeptSound, 'before'> {
  id: string;
  name: string;
  star: boolean;
  /** Milliseconds since 1970. */
  made: number;
  iterations: number;
  state: string;
  trace: Trace;
  /** The waveform in hundredths of its largest sample. */
  picture: [low: number[], high: number[]];
  recording?: Recording | null;
  guide?: Guide | null;
  /** It started from a recording, so the sound before it is not kept. */
  recorded: boolean;
  gone?: boolean;
  before?: Sound | null;
  after?: Sound | null;
  /** Integrated loudness, once it was measured. */
  lufs?: number;
  label?: Described & { name: string };
  base?: URL;
}

/** A recipe's model and targets in words. */
export interface Described {
  model: string;
  targets: string;
}

/** One setting: what it may be, and what it means. */
export interface Field {
  kind: 'number' | 'integer' | 'switch' | 'choice' | 'name' | 'targets' | 'stages' | 'curves';
  label: string;
  help: string;
  default: any;
  /** The paper's value, null where it is silent. */
  paper: any;
  minimum: number | null;
  maximum: number | null;
  step: number | null;
  unit: string;
  choices: unknown[];
  odd: boolean;
  advanced: boolean;
  /** The fold of the page it belongs to. */
  group: string;
}

/** What Python tells the page; see `studio.ui.contract`. */
export interface Contract {
  version: string;
  sample_rate: number;
  recipe: {
    fields: Record<string, Field>;
    /** Left out where they have their defaults. */
    unsaid: string[];
    targets: { measures: Measure[]; default: Target; most_weight: number };
    stages: { most: number; changes: string[] };
    curves: { most_points: number };
    /** Smoothing's kernel and coefficient, from dark to bright. */
    brightness: [kernel: number, coefficient: number][];
    built_in_sounds: string[];
    no_guide: string;
    loop_units: Record<string, number[]>;
    datasets: string[];
  };
  architectures: Record<string, { label: string; hidden_channels: number[]; convolutions: Convolution[] }>;
  features: FeatureName[];
  gallery_features: string[];
  listening: { lufs: number; peak: number; most_gain: number; lowest_heard_hz: number; limiter_samples: number };
  live: {
    fields: Record<string, Field>;
    defaults: Record<string, any>;
    measures: Measure[];
    most_ahead_samples: number;
    margin_seconds: number;
    most_margin_seconds: number;
    idle_seconds: number;
    message_bytes: number;
  };
  /** What the page does of its own accord; `studio.ui.dream.defaults` says what each means. */
  page: { own: Record<string, unknown>; even_over_seconds: number; least_active: number };
  export: { fields: Record<string, Field>; of_the_finish: string[] };
  limits: {
    hosted: boolean;
    work: number | null;
    targets: number | null;
    upload_bytes: number;
    recording_seconds: number;
    takes: number;
    takes_bytes: number;
    gallery_sounds: number | null;
    listened_seconds: number;
    live_sessions: number;
    dreams: number;
    waiting: number;
  };
  /** HTTP statuses by the code of an error. */
  errors: Record<string, number>;
}
