// Numbers as people read, write and drag them.

export function format(value) {
  if (typeof value !== 'number') return String(value);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 5;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

// "12k", "12,000", "0.02": a number, or NaN.
export function parse(text) {
  const found = /^\s*([-+]?[\d.,\s]*\d(?:e[-+]?\d+)?)\s*(k?)/i.exec(text);
  if (!found) return NaN;
  return Number(found[1].replace(/[,\s]/g, '')) * (found[2] ? 1000 : 1);
}

// Positions 0…1 on a fader and the values they stand for. Wide ranges are logarithmic.
export function scale({ minimum, maximum, step, whole, odd }) {
  const fromZero = minimum === 0 && maximum > 1000;
  const wide = fromZero || (minimum > 0 && maximum / minimum >= 50);
  const shift = fromZero ? 1 : 0;
  const low = wide ? Math.log(minimum + shift) : minimum;
  const high = wide ? Math.log(maximum + shift) : maximum;

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
    toValue(position) {
      const raw = low + position * (high - low);
      return round(wide ? Math.exp(raw) - shift : raw);
    },
    toPosition(value) {
      const raw = wide ? Math.log(Math.max(value, minimum) + shift) : value;
      return Math.min(1, Math.max(0, (raw - low) / (high - low)));
    },
  };
}

const tidy = (value, digits) => Number(value.toPrecision(digits)).toLocaleString('en', { maximumSignificantDigits: digits });

// The four features in units of the ear, with no more digits than it can use.
export const reading = {
  loudness: value => (value > 1e-5 ? `${(20 * Math.log10(value)).toFixed(1).replace('-', '−')} dB` : 'silent'),
  brightness: value => (value >= 1000 ? `${(value / 1000).toFixed(1)} kHz` : `${Math.round(value)} Hz`),
  noisiness: value => `${value < 1e-4 ? '< 0.01' : tidy(value * 100, 2)} %`,
  roughness: value => tidy(value, 2),
};

export function seconds(value) {
  if (value < 60) return `${value.toFixed(value < 10 ? 2 : 1)} s`;
  return `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, '0')}`;
}
