// `studio/experiments.json`: every experiment's tables and manifest, null where it is not computed.

export interface Verdict {
  claim: string;
  words: string;
  rule: string;
  verdict: string;
  held: number;
  cases: number;
  reason: string | null;
  clear?: boolean;
  verdict_all_maps?: string;
  held_all_maps?: number;
}

export interface Case {
  claim: string;
  case: string;
  what: string;
  holds: boolean;
  measured: number | null;
  low: number | null;
  high: number | null;
  sign: string;
  true: boolean;
  against: number | null;
  than: string | null;
  /** Share of resamples in which it holds. */
  support: number;
}

/** A row of the paper's tables 3 to 10 beside what was measured; by dataset, in words. */
export interface Described {
  table: number;
  architecture: string;
  feature: string;
  layer: number;
  words: string;
  unmeasured: string | null;
  agreement: string;
  true: number;
  checks: number;
  differs: string | null;
  [dataset: string]: string | number | null;
}

export interface Layers {
  verdicts: Verdict[];
  cases: Case[];
  tables: Described[];
  manifest: {
    sounds: number;
    expected: number;
    sounds_judged: number;
    slice_maps_left_out: number;
    layers_judged_whole?: string[];
    maps_per_layer: Record<string, number[]>;
  };
}

/** What a parameter does to a feature at a layer, from its first value to its last. */
export interface Effect {
  parameter: string;
  feature: string;
  layer: number;
  map: number;
  first: number;
  last: number;
  low: number;
  high: number;
  in_spreads: number;
  within_spread: boolean;
}

export interface Parameters {
  verdicts: Verdict[];
  cases: Case[];
  effects: Effect[];
  manifest: {
    seconds: number;
    layers: [layer: number, map: number][];
    sequences: Record<string, number[]>;
    /** By run: when, whether a parameter or the layer changes, and what to. */
    moves: Record<string, [seconds: number, kind: string, changes: Record<string, any>][]>;
    sounds: Record<string, string>;
  };
}

/** A row per finding: beside its words the verdict and the cases of every setting, by its name. */
export type Claim = Record<string, string>;

export interface Sensitivity {
  claims: Claim[];
  summary: { setting: string; holds: number; in_part: number; cases_held: number; cases: number }[];
  manifest: { maps: number; sounds_per_setting: number; taken?: string; missing?: string[] };
}

export interface Results {
  layers?: Layers | null;
  parameters?: Parameters | null;
  sensitivity?: Sensitivity | null;
  classes?: object | null;
}

/** What every section is given. */
export interface Given {
  baseUrl: URL;
  /** Ends when the tab goes. */
  signal: AbortSignal;
}
