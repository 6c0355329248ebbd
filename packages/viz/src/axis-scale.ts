import { formatLogTick, formatTicks } from './format-number.ts';

export type ScaleKind = 'linear' | 'log';

export interface Tick {
  readonly value: number;
  /** Empty for a minor tick. */
  readonly label: string;
}

/** One axis: its domain, its ticks, and where a value lies between its ends. */
export interface AxisScale {
  readonly kind: ScaleKind;
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly Tick[];
  /** 0 at `min`, 1 at `max`. */
  place(value: number): number;
}

export type AxisFit = 'round' | 'near' | 'exact';

export interface AxisRequest {
  readonly kind: ScaleKind;
  /** Lowest and highest value to show; undefined when there is none. */
  readonly extent: readonly [number, number] | undefined;
  /** About how many labels there is room for. */
  readonly room: number;
  /** Whether the domain grows to round numbers: always, where one is close (0 rather than 12), or never. */
  readonly fit: AxisFit;
  /** Labels for linear ticks. */
  readonly format?: ((values: readonly number[], step: number) => readonly string[]) | undefined;
}

// Beyond these, differences and steps of float64 overflow or vanish.
const LARGEST = 1e300;
const SMALLEST = 1e-300;

/** Whether a value can be put on an axis of this kind: finite, and above zero on a logarithmic one. */
export function isDrawable(value: number, kind: ScaleKind): boolean {
  return kind === 'log' ? value >= SMALLEST && value <= LARGEST : Math.abs(value) <= LARGEST;
}

/** Lowest and highest drawable value of several arrays. */
export function extentOf(arrays: readonly ArrayLike<number>[], kind: ScaleKind): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const values of arrays) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? NaN;
      if (!isDrawable(value, kind)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : undefined;
}

export function makeScale(request: AxisRequest): AxisScale {
  return request.kind === 'log' ? logScale(request) : linearScale(request);
}

/** The round number (1, 2 or 5 times a power of ten) nearest above `rough`. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** A domain of no width has no scale: give it some, in proportion to its values. */
function spread([low, high]: readonly [number, number]): readonly [number, number] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > size * 1e-6 && high - low > SMALLEST) return [low, high];
  const margin = size > SMALLEST * 1e6 ? size * 0.05 : 0.5;
  return [low - margin, high + margin];
}

function linearScale({ extent = [0, 1], room, fit, format = formatTicks }: AxisRequest): AxisScale {
  const [low, high] = spread(extent);
  const step = niceStep((high - low) / Math.max(1, room));
  const slack = { round: 1 - 1e-9, near: Math.min((0.04 * (high - low)) / step, 1 - 1e-9), exact: 1e-9 }[fit];
  const first = Math.ceil(low / step - slack);
  const last = Math.floor(high / step + slack);
  const values = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const labels = format(values, step);
  const min = Math.min(low, values[0] ?? low);
  const max = Math.max(high, values.at(-1) ?? high);
  return {
    kind: 'linear',
    min,
    max,
    ticks: values.map((value, i) => ({ value, label: labels[i] ?? '' })),
    place: (value) => (value - min) / (max - min),
  };
}

function logScale({ extent = [0.1, 1], room, fit }: AxisRequest): AxisScale {
  const [low, high] = extent[0] * 1.000001 < extent[1] ? extent : [extent[0] / 2, extent[1] * 2];
  const candidates = logCandidates(Math.log10(high) - Math.log10(low), room);
  const values = candidates(low, high, fit);
  const min = fit === 'round' ? Math.min(low, values[0]?.value ?? low) : low;
  const max = fit === 'round' ? Math.max(high, values.at(-1)?.value ?? high) : high;
  const [logMin, logMax] = [Math.log10(min), Math.log10(max)];
  return {
    kind: 'log',
    min,
    max,
    ticks: values.filter(({ value }) => value >= min && value <= max),
    place: (value) => (Math.log10(value) - logMin) / (logMax - logMin),
  };
}

type Candidates = (low: number, high: number, fit: AxisFit) => readonly Tick[];

/** Less than a decade: round linear steps. A few: 1, 2, 5. Many: whole powers, with minor ticks between. */
function logCandidates(decades: number, room: number): Candidates {
  if (decades < 0.8) return linearTicks(room);
  if (decades * 2 <= room) return multiples([1, 2, 5], 1);
  if (decades <= room) return multiples([1, 2, 3, 4, 5, 6, 7, 8, 9], 1);
  return multiples([1], Math.ceil(decades / Math.max(1, room)));
}

function linearTicks(room: number): Candidates {
  return (low, high, fit) => {
    const { ticks } = linearScale({ kind: 'linear', extent: [low, high], room, fit });
    return ticks.filter(({ value }) => value > 0);
  };
}

function multiples(digits: readonly number[], stride: number): Candidates {
  return (low, high, fit) => {
    const first = Math.floor(Math.log10(low) / stride) * stride;
    const ticks: Tick[] = [];
    for (let exponent = first; exponent <= Math.log10(high) + stride; exponent += stride) {
      for (const digit of digits) {
        const value = Number(`${digit}e${exponent}`);
        const labelled = digit === 1 || digits.length <= 3;
        ticks.push({ value, label: labelled ? formatLogTick(value) : '' });
      }
    }
    return fit === 'round' ? around(ticks, low, high) : ticks;
  };
}

/** The ticks inside the extent and the nearest one beyond each of its ends. */
function around(ticks: readonly Tick[], low: number, high: number): readonly Tick[] {
  const from = ticks.findLastIndex(({ value }) => value <= low);
  const to = ticks.findIndex(({ value }) => value >= high);
  return ticks.slice(Math.max(0, from), to < 0 ? undefined : to + 1);
}
