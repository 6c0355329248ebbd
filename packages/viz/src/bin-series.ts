import { isDrawable } from './axis-scale.ts';
import { requireInteger, requireNumber, requireNumbers, show } from './check.ts';
import type { LineSeries } from './line-chart-options.ts';

export interface BinSeriesOptions {
  /**
   * How many stretches of equal numbers of points the series is cut into.
   * @default 150
   */
  readonly bins?: number;
  /**
   * Lower edge of the band, as a quantile of each bin in [0, 1].
   * @default 0.1
   */
  readonly low?: number;
  /**
   * Upper edge of the band, as a quantile of each bin in [0, 1].
   * @default 0.9
   */
  readonly high?: number;
}

/**
 * Makes a noisy series readable: the median of each bin as the line, quantiles as the band around it.
 * A series with no more points than bins comes back as it is; a bin without a finite value is a gap.
 *
 * @throws TypeError if a field has the wrong type
 * @throws RangeError if `x` and `y` differ in length, or an option is out of range
 */
export function binSeries(series: LineSeries, options: BinSeriesOptions = {}): LineSeries {
  const bins = requireInteger('binSeries: bins', options.bins ?? 150, { min: 2, max: 100_000 });
  const low = requireNumber('binSeries: low', options.low ?? 0.1, { min: 0, max: 0.5 });
  const high = requireNumber('binSeries: high', options.high ?? 0.9, { min: 0.5, max: 1 });
  if (series === null || typeof series !== 'object') {
    throw new TypeError(`binSeries: series must be an object { name, x, y }; got ${show(series)}.`);
  }
  const { length } = requireNumbers('binSeries: series.x', series.x);
  if (requireNumbers('binSeries: series.y', series.y).length !== length) {
    throw new RangeError(`binSeries: series.y must have one value for each x (${length}); got ${series.y.length}.`);
  }
  if (length <= bins) return series;
  const edges = Array.from({ length: bins + 1 }, (_, b) => Math.floor((b * length) / bins));
  const sorted = edges.slice(0, -1).map((from, b) => finiteSorted(series, from, edges[b + 1] ?? length));
  return {
    ...series,
    x: edges.slice(0, -1).map((from, b) => series.x[Math.floor((from + (edges[b + 1] ?? length) - 1) / 2)] ?? NaN),
    y: sorted.map((values) => quantile(values, 0.5)),
    band: {
      lower: sorted.map((values) => quantile(values, low)),
      upper: sorted.map((values) => quantile(values, high)),
    },
  };
}

function finiteSorted({ y }: LineSeries, from: number, to: number): Float64Array {
  return Float64Array.from(y.slice(from, to))
    .filter((value) => isDrawable(value, 'linear'))
    .sort();
}

/** Linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996). NaN for no values. */
function quantile(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}
