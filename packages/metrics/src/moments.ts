import { ConfigError, requireInteger } from '@lab/core';
import { requireRows, type Rows } from './rows.ts';

/**
 * Count, mean and scatter of rows, in float64. Plain numbers: it survives JSON to the bit, so that shards can be scored
 * on several machines and put together by `mergeMoments`.
 */
export interface Moments {
  readonly count: number;
  /** `[D]` */
  readonly mean: readonly number[];
  /** Sum of (x - mean)(x - mean)^T over the rows: the upper triangle, row by row, `D (D + 1) / 2` numbers. */
  readonly scatter: readonly number[];
}

/**
 * @param rows `[N, D]`
 * @throws ConfigError if there is no row, or a number isn't finite.
 */
export function moments(rows: Rows): Moments {
  const { data, count, size } = requireRows('rows', rows);
  const mean = new Float64Array(size);
  for (let i = 0; i < data.length; i += size) for (let d = 0; d < size; d++) mean[d]! += data[i + d]! / count;
  const scatter = new Float64Array((size * (size + 1)) / 2);
  const centred = new Float64Array(size);
  for (let i = 0; i < data.length; i += size) {
    for (let d = 0; d < size; d++) centred[d] = data[i + d]! - mean[d]!;
    addOuterProduct(scatter, centred, 1);
  }
  return { count, mean: [...mean], scatter: [...scatter] };
}

/**
 * The moments of all rows of all parts (Chan, Golub and LeVeque 1979, equation 2.1, for covariances).
 *
 * @throws ConfigError if there is no part, or the parts differ in their number of features.
 */
export function mergeMoments(parts: readonly Moments[]): Moments {
  if (parts.length === 0) throw new ConfigError({ field: 'parts', value: parts, expected: 'one or more moments' });
  parts.forEach((part, i) => requireMoments(`parts[${i}]`, part, parts[0]!.mean.length));
  return parts.reduce(mergeTwo);
}

/** The unbiased covariance `[D, D]`, row-major, divided by N - 1. */
export function covariance({ count, mean, scatter }: Moments): Float64Array {
  const size = mean.length;
  const full = new Float64Array(size * size);
  for (let row = 0, at = 0; row < size; row++) {
    for (let column = row; column < size; column++, at++) {
      full[row * size + column] = full[column * size + row] = scatter[at]! / (count - 1);
    }
  }
  return full;
}

/** @throws ConfigError unless `value` is what `moments` makes, as it is or out of JSON, of `size` features. */
export function requireMoments(field: string, value: Moments, size = value.mean?.length): Moments {
  requireInteger(`${field}.count`, value.count, { min: 1 });
  const lengths = [value.mean?.length, value.scatter?.length];
  if (lengths[0] !== size || lengths[1] !== (size * (size + 1)) / 2) {
    const expected = `the moments of ${size} features`;
    throw new ConfigError({ field, value: `means and scatters of ${lengths.join(' and ')} numbers`, expected });
  }
  if ([value.mean, value.scatter].some((numbers) => !numbers.every(Number.isFinite))) {
    throw new ConfigError({ field, value: 'moments with NaN or infinity', expected: 'of finite numbers' });
  }
  return value;
}

function mergeTwo(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  const gap = Float64Array.from(a.mean, (mean, d) => b.mean[d]! - mean);
  const scatter = Float64Array.from(a.scatter, (sum, at) => sum + b.scatter[at]!);
  addOuterProduct(scatter, gap, (a.count * b.count) / count);
  return { count, mean: a.mean.map((mean, d) => mean + (gap[d]! * b.count) / count), scatter: [...scatter] };
}

/** Adds weight * x x^T, its upper triangle. */
function addOuterProduct(scatter: Float64Array, x: Float64Array, weight: number): void {
  const size = x.length;
  for (let row = 0, at = 0; row < size; row++) {
    const factor = weight * x[row]!;
    for (let column = row; column < size; column++, at++) scatter[at]! += factor * x[column]!;
  }
}
