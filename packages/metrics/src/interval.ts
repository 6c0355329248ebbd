import { type RandomKey, rejectUnknownOptions, requireInteger } from '@lab/core';

/** An estimate and the interval that covers what it estimates in 95 of 100 cases. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Options of `bootstrapInterval` and `meanInterval`. */
export interface BootstrapOptions {
  /**
   * How often to draw anew, at least 40.
   *
   * @default 500
   */
  readonly resamples?: number;
}

/**
 * The percentile bootstrap (Efron 1979): the statistic of all rows, and the range that it keeps to in 95% of draws of as
 * many rows, with replacement, widened to hold the statistic itself where draws lie all to one side of it.
 *
 * @param count Rows there are.
 * @param statistic Of the rows at these indices.
 * @param key Decides the draws.
 * @throws ConfigError for a count or an option out of its range.
 */
export function bootstrapInterval(
  count: number,
  statistic: (indices: ArrayLike<number>) => number,
  key: RandomKey,
  options: BootstrapOptions = {},
): Interval {
  rejectUnknownOptions('bootstrapInterval', options, ['resamples']);
  requireInteger('count', count, { min: 1 });
  const resamples = requireInteger('resamples', options.resamples ?? 500, { min: 40 });
  const value = statistic(Uint32Array.from({ length: count }, (_, i) => i));
  const draws = Float64Array.from({ length: resamples }, (_, i) =>
    statistic(key.child(i).integers(count, 0, count - 1)),
  ).sort();
  return { value, low: Math.min(value, quantile(draws, 0.025)), high: Math.max(value, quantile(draws, 0.975)) };
}

/** The mean of numbers, each from a row of its own, with its bootstrap interval. */
export function meanInterval(values: ArrayLike<number>, key: RandomKey, options: BootstrapOptions = {}): Interval {
  return bootstrapInterval(values.length, (indices) => meanAt(values, indices), key, options);
}

/** Of sorted numbers, by linear interpolation between them. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}

function meanAt(values: ArrayLike<number>, indices: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < indices.length; k++) sum += values[indices[k]!]!;
  return sum / indices.length;
}
