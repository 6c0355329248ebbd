import { isDrawable, type ScaleKind } from './axis-scale.ts';
import {
  requireArray,
  requireColour,
  requireInteger,
  requireNumbers,
  requireOneOf,
  requireRange,
  requireString,
  requireText,
  show,
} from './check.ts';

/** Numbers in any plain or typed array. */
export type Numbers = readonly number[] | Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/** A shaded region around a line, such as quantiles or the spread over seeds. As long as the line's `x`. */
export interface Band {
  readonly lower: Numbers;
  readonly upper: Numbers;
}

export interface LineSeries {
  /** Shown in the legend. */
  readonly name: string;
  /** Finite, and never falling: training steps, epochs, ... */
  readonly x: Numbers;
  /** As long as `x`. NaN is a gap. */
  readonly y: Numbers;
  readonly band?: Band;
  /**
   * A CSS colour, used in light and dark mode alike.
   * @default the next of eight, each with a light and a dark form
   */
  readonly colour?: string;
}

/** A labelled vertical line at `x`. */
export interface Mark {
  readonly x: number;
  readonly label: string;
}

/** A labelled horizontal line at `y`. */
export interface Reference {
  readonly y: number;
  readonly label: string;
}

export interface LineChartOptions {
  readonly title: string;
  readonly series: readonly LineSeries[];
  /** @default '' */
  readonly xLabel?: string;
  /** @default '' */
  readonly yLabel?: string;
  /** @default 'linear' */
  readonly xScale?: ScaleKind;
  /**
   * A logarithmic axis leaves out values that are not above zero, and says so below the chart.
   * @default 'linear'
   */
  readonly yScale?: ScaleKind;
  /**
   * The y axis from here to there; what lies outside is cut off.
   * @default all values, rounded outwards
   */
  readonly yRange?: readonly [number, number];
  /** @default [] */
  readonly marks?: readonly Mark[];
  /** @default [] */
  readonly references?: readonly Reference[];
  /**
   * Whether the legend is drawn.
   * @default true for two series and more
   */
  readonly legend?: boolean;
  /**
   * What a screen reader says about the chart.
   * @default a sentence for each series: its points, first and last value, lowest and highest
   */
  readonly description?: string;
  /**
   * In pixels, 240 to 4000.
   * @default 760
   */
  readonly width?: number;
  /**
   * In pixels, 160 to 4000.
   * @default 420
   */
  readonly height?: number;
}

export type ResolvedLineChart = Required<Omit<LineChartOptions, 'yRange' | 'description'>> &
  Pick<LineChartOptions, 'yRange' | 'description'>;

export function resolveLineChart(options: LineChartOptions): ResolvedLineChart {
  if (options === null || typeof options !== 'object') {
    throw new TypeError(`lineChart: expected options { title, series, ... }; got ${show(options)}.`);
  }
  const kinds = ['linear', 'log'] as const;
  const xScale = requireOneOf('lineChart: xScale', options.xScale ?? 'linear', kinds);
  const yScale = requireOneOf('lineChart: yScale', options.yScale ?? 'linear', kinds);
  const series = requireArray('lineChart: series', options.series, 'series { name, x, y }');
  if (series.length === 0)
    throw new RangeError('lineChart: series must hold at least one series { name, x, y }; got none.');
  series.forEach((each, i) => requireSeries(`lineChart: series[${i}]`, each, xScale));
  return {
    ...options,
    ...requireSize('lineChart', options),
    title: requireText('lineChart: title', options.title),
    xLabel: requireString('lineChart: xLabel', options.xLabel ?? ''),
    yLabel: requireString('lineChart: yLabel', options.yLabel ?? ''),
    xScale,
    yScale,
    ...(options.yRange === undefined ? {} : { yRange: requireYRange(options.yRange, yScale) }),
    legend: options.legend ?? series.length > 1,
    marks: requireMarks(options.marks ?? [], xScale),
    references: requireReferences('lineChart', options.references ?? [], yScale),
  };
}

export function requireSize(chart: string, { width = 760, height = 420 }: { width?: number; height?: number }) {
  return {
    width: requireInteger(`${chart}: width`, width, { min: 240, max: 4000 }),
    height: requireInteger(`${chart}: height`, height, { min: 160, max: 4000 }),
  };
}

function requireSeries(field: string, series: LineSeries, xScale: ScaleKind): void {
  requireText(`${field}.name`, series?.name);
  const x = requireNumbers(`${field}.x`, series.x);
  requireAsLong(`${field}.y`, series.y, x);
  requireRising(`${field}.x`, x, xScale);
  if (series.band !== undefined) {
    requireAsLong(`${field}.band.lower`, series.band.lower, x);
    requireAsLong(`${field}.band.upper`, series.band.upper, x);
  }
  if (series.colour !== undefined) requireColour(`${field}.colour`, series.colour);
}

function requireAsLong(field: string, values: Numbers, x: ArrayLike<number>): void {
  const { length } = requireNumbers(field, values);
  if (length !== x.length) {
    throw new RangeError(`${field} must have one value for each x (${x.length}); got ${length}. Use NaN for a gap.`);
  }
}

function requireRising(field: string, x: ArrayLike<number>, scale: ScaleKind): void {
  let previous = -Infinity;
  for (let i = 0; i < x.length; i++) {
    const value = x[i] ?? NaN;
    requirePlace(`${field}[${i}]`, value, scale);
    if (value < previous) {
      throw new RangeError(`${field} must not fall; got ${value} at ${i} after ${previous}. Sort the points by x.`);
    }
    previous = value;
  }
}

function requirePlace(field: string, value: number, scale: ScaleKind): void {
  if (typeof value !== 'number') throw new TypeError(`${field} must be a number; got ${show(value)}.`);
  if (isDrawable(value, scale)) return;
  const wanted = scale === 'log' ? 'finite and above 0 on a logarithmic axis' : 'finite (at most 1e300 in size)';
  throw new RangeError(`${field} must be ${wanted}; got ${value}.`);
}

function requireMarks(marks: readonly Mark[], scale: ScaleKind): readonly Mark[] {
  requireArray('lineChart: marks', marks, 'marks { x, label }').forEach((mark, i) => {
    requirePlace(`lineChart: marks[${i}].x`, mark?.x, scale);
    requireString(`lineChart: marks[${i}].label`, mark.label);
  });
  return marks;
}

export function requireReferences(chart: string, references: readonly Reference[], scale: ScaleKind) {
  requireArray(`${chart}: references`, references, 'references { y, label }').forEach((reference, i) => {
    requirePlace(`${chart}: references[${i}].y`, reference?.y, scale);
    requireString(`${chart}: references[${i}].label`, reference.label);
  });
  return references;
}

function requireYRange(range: readonly [number, number], scale: ScaleKind): readonly [number, number] {
  const [low, high] = requireRange('lineChart: yRange', range);
  requirePlace('lineChart: yRange[0]', low, scale);
  requirePlace('lineChart: yRange[1]', high, scale);
  return range;
}
