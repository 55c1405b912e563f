// Elements in one line, and the marks of verdicts.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

// Shape and word both tell, so that colour need not.
const MARKS = {
  'holds': ['●', 'yes'], 'agrees': ['●', 'yes'],
  'in part': ['◐', 'part'],
  'does not hold': ['○', 'no'], 'disagrees': ['○', 'no'],
  'not measurable': ['–', 'unknown'],
};

export const kind = verdict => (MARKS[verdict] || MARKS['not measurable'])[1];

export function mark(verdict) {
  const [sign, name] = MARKS[verdict] || MARKS['not measurable'];
  return make('i', { class: `mark ${name}`, 'aria-hidden': 'true' }, sign);
}

export function tidy(value) {
  if (value === null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1).replace('e-', '·10⁻').replace(/⁻(\d+)$/, (_, digits) => `⁻${[...digits].map(digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[digit]).join('')}`).replace('-', '−');
  const digits = size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : size >= 0.01 ? 3 : 4;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '−');
}
