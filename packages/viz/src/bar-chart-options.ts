import {
  requireArray,
  requireColour,
  requireNumbers,
  requireOneOf,
  requireString,
  requireText,
  show,
} from './check.ts';
import { type Numbers, type Reference, requireReferences, requireSize } from './line-chart-options.ts';

export interface BarSeries {
  /** Shown in the legend. */
  readonly name: string;
  /** One finite value a category; NaN for a missing one. */
  readonly values: Numbers;
  /**
   * A CSS colour, used in light and dark mode alike.
   * @default the next of eight, each with a light and a dark form
   */
  readonly colour?: string;
}

export interface BarChartOptions {
  readonly title: string;
  /** The labels under the bars, such as the ten classes. */
  readonly categories: readonly string[];
  /** Several series stand side by side in each category. */
  readonly series: readonly BarSeries[];
  /** @default '' */
  readonly xLabel?: string;
  /** @default '' */
  readonly yLabel?: string;
  /**
   * `'percent'` writes 0.125 as 12.5%.
   * @default 'number'
   */
  readonly yFormat?: 'number' | 'percent';
  /**
   * Labelled horizontal lines, such as the share a uniform distribution would give.
   * @default []
   */
  readonly references?: readonly Reference[];
  /**
   * Writes each value above its bar where there is room.
   * @default true
   */
  readonly showValues?: boolean;
  /**
   * Whether the legend is drawn.
   * @default true for two series and more
   */
  readonly legend?: boolean;
  /**
   * What a screen reader says about the chart.
   * @default a sentence for each series with all its values
   */
  readonly description?: string;
  /**
   * In pixels, 240 to 4000.
   * @default 760
   */
  readonly width?: number;
  /**
   * In pixels, 160 to 4000.
   * @default 340
   */
  readonly height?: number;
}

export type ResolvedBarChart = Required<Omit<BarChartOptions, 'description'>> & Pick<BarChartOptions, 'description'>;

export function resolveBarChart(options: BarChartOptions): ResolvedBarChart {
  if (options === null || typeof options !== 'object') {
    throw new TypeError(`barChart: expected options { title, categories, series, ... }; got ${show(options)}.`);
  }
  const categories = requireArray('barChart: categories', options.categories, 'strings');
  if (categories.length === 0) throw new RangeError('barChart: categories must hold at least one label; got none.');
  categories.forEach((category, i) => requireString(`barChart: categories[${i}]`, category));
  const series = requireArray('barChart: series', options.series, 'series { name, values }');
  if (series.length === 0)
    throw new RangeError('barChart: series must hold at least one series { name, values }; got none.');
  series.forEach((each, i) => requireSeries(`barChart: series[${i}]`, each, categories.length));
  return {
    ...options,
    ...requireSize('barChart', { ...options, height: options.height ?? 340 }),
    title: requireText('barChart: title', options.title),
    xLabel: requireString('barChart: xLabel', options.xLabel ?? ''),
    yLabel: requireString('barChart: yLabel', options.yLabel ?? ''),
    yFormat: requireOneOf('barChart: yFormat', options.yFormat ?? 'number', ['number', 'percent']),
    references: requireReferences('barChart', options.references ?? [], 'linear'),
    showValues: options.showValues ?? true,
    legend: options.legend ?? series.length > 1,
  };
}

function requireSeries(field: string, series: BarSeries, categories: number): void {
  requireText(`${field}.name`, series?.name);
  const values = requireNumbers(`${field}.values`, series.values);
  if (values.length !== categories) {
    throw new RangeError(
      `${field}.values must have one value for each category (${categories}); got ${values.length}. Use NaN for a missing one.`,
    );
  }
  const odd = Array.from(values).findIndex((value) => Math.abs(value) > 1e300);
  if (odd >= 0) {
    throw new RangeError(
      `${field}.values[${odd}] must be finite (at most 1e300 in size), or NaN for a missing value; got ${values[odd]}.`,
    );
  }
  if (series.colour !== undefined) requireColour(`${field}.colour`, series.colour);
}
