// Numbers as people read, write and drag them.

/** @param {unknown} value */
export function format(value) {
  if (typeof value !== 'number') return String(value);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 5;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/**
 * "12k", "12,000", "0.02": a number, or NaN.
 *
 * @param {string} text
 */
export function parse(text) {
  const found = /^\s*([-+]?[\d.,\s]*\d(?:e[-+]?\d+)?)\s*(k?)/i.exec(text);
  if (!found) return NaN;
  return Number(found[1].replace(/[,\s]/g, '')) * (found[2] ? 1000 : 1);
}

/**
 * What a number may be.
 *
 * @typedef {object} Rule
 * @property {number} minimum
 * @property {number} maximum
 * @property {number} step
 * @property {boolean} [whole]
 * @property {boolean} [odd]
 */

/**
 * Positions 0…1 on a fader and the values they stand for. Wide ranges are logarithmic.
 *
 * @param {Rule} rule
 */
export function scale({ minimum, maximum, step, whole, odd }) {
  const fromZero = minimum === 0 && maximum > 1000;
  const wide = fromZero || (minimum > 0 && maximum / minimum >= 50);
  const shift = fromZero ? 1 : 0;
  const low = wide ? Math.log(minimum + shift) : minimum;
  const high = wide ? Math.log(maximum + shift) : maximum;

  /** @param {number} value */
  function round(value) {
    let grid = step;
    if (wide && value > 0) grid = Math.max(whole ? 1 : 0, 10 ** (Math.floor(Math.log10(value)) - 1));
    let rounded = Math.round(value / grid) * grid;
    if (whole) rounded = Math.round(rounded);
    if (odd) rounded = 2 * Math.floor(rounded / 2) + 1;
    rounded = Number(rounded.toPrecision(7));
    return Math.min(maximum, Math.max(minimum, rounded));
  }
  return {
    round,
    /** @param {number} position */
    toValue(position) {
      if (position <= 0 || position >= 1) return position <= 0 ? minimum : maximum; // rounding would not reach every end
      const raw = low + position * (high - low);
      return round(wide ? Math.exp(raw) - shift : raw);
    },
    /** @param {number} value */
    toPosition(value) {
      const raw = wide ? Math.log(Math.max(value, minimum) + shift) : value;
      return Math.min(1, Math.max(0, (raw - low) / (high - low)));
    },
  };
}

/**
 * @param {number} value
 * @param {number} digits
 */
const tidy = (value, digits) => Number(value.toPrecision(digits)).toLocaleString('en', { maximumSignificantDigits: digits });

// The four features in units of the ear, with no more digits than it can use.
/** @type {Record<import('./types.js').FeatureName, (value: number) => string>} */
export const reading = {
  loudness: value => (value > 1e-5 ? `${(20 * Math.log10(value)).toFixed(1).replace('-', '−')} dB` : 'silent'),
  brightness: value => (value >= 1000 ? `${(value / 1000).toFixed(1)} kHz` : `${Math.round(value)} Hz`),
  noisiness: value => `${value < 1e-4 ? '< 0.01' : tidy(value * 100, 2)} %`,
  roughness: value => tidy(value, 2),
};

/**
 * A length, as exact as its size asks for.
 *
 * @param {number} value
 */
export function seconds(value) {
  if (value < 60) return `${value.toFixed(value < 10 ? 2 : 1)} s`;
  return minutes(value);
}

/**
 * @param {number} share  0…1
 * @param {number} [digits]
 */
export const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)} %`;

/** @param {number} hz */
export function pitch(hz) {
  return hz >= 1000 ? `${Number((hz / 1000).toFixed(hz < 10000 ? 1 : 0))} kHz` : `${Math.round(hz)} Hz`;
}

const NOTES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];

/**
 * The note of the keyboard that is nearest to a frequency.
 *
 * @param {number} hz
 */
export function note(hz) {
  const number = Math.round(69 + 12 * Math.log2(hz / 440));
  return `${NOTES[((number % 12) + 12) % 12]}${Math.floor(number / 12) - 1}`;
}

const SEMITONES = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/**
 * The frequency of a note such as "A4", "B♭2" or "c#3", tuned to A4 = 440 Hz; NaN where it is none.
 *
 * @param {string} name
 */
export function hzOf(name) {
  const found = /^\s*([A-Ga-g])([#♯b♭]{0,2})(-?\d)\s*$/.exec(name);
  if (!found) return NaN;
  const [, letter, signs, octave] = found;
  let semitone = SEMITONES[/** @type {keyof typeof SEMITONES} */ (letter.toUpperCase())];
  for (const sign of signs) semitone += '#♯'.includes(sign) ? 1 : -1;
  return 440 * 2 ** ((semitone - 9) / 12 + Number(octave) - 4);
}

/**
 * Minutes and seconds, as clocks have them.
 *
 * @param {number} value  seconds
 */
export const minutes = value => `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, '0')}`;
