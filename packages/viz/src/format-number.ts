const SUFFIXES: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

const minus = (text: string): string => text.replace(/^-/, '−');

function powerOfTen(exponent: number): string {
  return `10${[...String(exponent)].map((character) => SUPERSCRIPTS[character] ?? character).join('')}`;
}

function scientific(value: number, digits: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(digits).split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return minus(`${short}×${powerOfTen(Number(exponent))}`);
}

/** Decimals that tell multiples of `step` apart. */
const decimalsOf = (step: number): number => Math.min(12, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));

/** Labels for the ticks of a linear axis, all in one form: `0.25`, `20k`, `1.5M`, `2×10⁻⁵`. */
export function formatTicks(values: readonly number[], step: number): readonly string[] {
  const largest = Math.max(...values.map(Math.abs), 0);
  if (largest >= 1e15 || (largest > 0 && largest < 1e-3)) {
    const digits = Math.min(12, Math.max(0, Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step) + 1e-9)));
    return values.map((value) => (value === 0 ? '0' : scientific(value, digits)));
  }
  // 1000 and 2500 read well as they are; from 10k on the zeros are noise.
  const [unit, suffix] = (largest >= 1e4 ? SUFFIXES.find(([size]) => largest >= size) : undefined) ?? [1, ''];
  const decimals = decimalsOf(step / unit);
  return values.map((value) => (value === 0 ? '0' : minus((value / unit).toFixed(decimals)) + suffix));
}

/** A label on a logarithmic axis, for a value with one significant digit: `0.05`, `1`, `20k`, `10⁻⁶`. */
export function formatLogTick(value: number): string {
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  const digit = Math.round(value / 10 ** exponent);
  if (exponent < -3 || exponent > 8) return digit === 1 ? powerOfTen(exponent) : `${digit}×${powerOfTen(exponent)}`;
  if (exponent < 0) return value.toFixed(-exponent);
  const [unit, suffix] = SUFFIXES.find(([size]) => value >= size * (1 - 1e-9)) ?? [1, ''];
  return String(Math.round(value / unit)) + suffix;
}

/** A number for a table or a label: integers in full (`60,000`), others with four significant digits. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return minus(String(value).replace(/\B(?=(\d{3})+$)/g, ','));
  if (size >= 1e6 || size < 1e-4) return scientific(value, 3);
  const rounded = String(Number(value.toPrecision(4)));
  return minus(rounded.replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ',')));
}

/** A share as a percentage with at most one decimal: 0.125 is `12.5%`. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return formatNumber(share);
  return minus(`${String(Number((share * 100).toFixed(1)))}%`);
}
