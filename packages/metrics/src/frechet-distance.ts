import { ConfigError, RandomKey, rejectUnknownOptions, requireInteger } from '@lab/core';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Interval } from './interval.ts';
import { covariance, mergeMoments, type Moments, moments, requireMoments } from './moments.ts';
import { requireRows, requireSameSize, type Rows, pickRows } from './rows.ts';

/**
 * The Fréchet distance between two normal distributions with the means and covariances of these features:
 * |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)); Heusel et al. 2017, equation 6 (FID, there on Inception's features).
 *
 * 0 for equal moments. Biased upwards, the more the fewer rows there are: compare only at equal counts, beside the
 * distance between two sets of real pictures of that count. Values of different networks' features don't compare.
 *
 * @param samples Features `[N, D]`, or the moments of any number of shards.
 * @param reference Features `[M, D]` of real pictures, or their moments.
 * @throws ConfigError if the two differ in D, or either has no more than D rows.
 */
export function frechetDistance(samples: Rows | Moments, reference: Rows | Moments): number {
  const a = requireEnough('samples', samples);
  const b = requireEnough('reference', reference);
  requireSameSize({ size: a.mean.length }, { size: b.mean.length });
  const meanGap = a.mean.reduce((sum, mean, d) => sum + (mean - b.mean[d]!) ** 2, 0);
  const [s1, s2] = [toMatrix(a), toMatrix(b)];
  // Rounding may leave a hair below 0.
  return Math.max(0, meanGap + s1.trace() + s2.trace() - 2 * traceOfRoot(s1, s2));
}

/** Options of `frechetInterval`. */
export interface FrechetIntervalOptions {
  /**
   * Parts into which the samples are dealt, at least 2; each is left out once.
   *
   * @default 20, or as many as there are samples
   */
  readonly groups?: number;
}

/**
 * The distance with its 95% interval over the samples, by the jackknife that leaves out a group at a time (Efron and
 * Tibshirani 1993, section 11.5). Not by the bootstrap: rows drawn twice shrink the covariance, which is a distance of its own.
 * Rows are dealt in an order of their own, always the same one, so that theirs may be any: class by class in turn, say.
 *
 * @param samples `[N, D]`
 * @throws ConfigError as `frechetDistance`, for the samples less a group of them; or for an option out of its range.
 */
export function frechetInterval(
  samples: Rows,
  reference: Rows | Moments,
  options: FrechetIntervalOptions = {},
): Interval {
  rejectUnknownOptions('frechetInterval', options, ['groups']);
  const { count, size } = requireRows('samples', samples, 2);
  const groups = requireInteger('groups', options.groups ?? Math.min(20, count), { min: 2, max: count });
  if (count - Math.ceil(count / groups) <= size) {
    const expected = `so many that more than ${size}, the number of features, are left without any of ${groups} groups`;
    throw new ConfigError({ field: 'The number of samples', value: count, expected, hint: makeMore });
  }
  const real = requireEnough('reference', reference);
  const order = RandomKey.fromSeed(0).permutation(count);
  const dealt = Array.from({ length: groups }, (_, group) =>
    moments(pickRows(samples, everyNth(order, group, groups))),
  );
  const without = dealt.map((_, left) => mergeMoments(dealt.filter((_, group) => group !== left)));
  const distances = without.map((rest) => frechetDistance(rest, real));
  const mean = distances.reduce((sum, each) => sum + each, 0) / groups;
  const spread = distances.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const margin = 1.96 * Math.sqrt(((groups - 1) / groups) * spread);
  const value = frechetDistance(mergeMoments(dealt), real);
  return { value, low: Math.max(0, value - margin), high: value + margin };
}

const makeMore = 'Make more (10,000 are usual), or take kernelDistance, which is unbiased for few.';

function requireEnough(field: string, given: Rows | Moments): Moments {
  const found = 'data' in given ? momentsOf(field, given) : requireMoments(field, given);
  if (found.count > found.mean.length) return found;
  throw new ConfigError({
    field: `The number of ${field}`,
    value: found.count,
    expected: `above that of features, ${found.mean.length}, or their covariance is singular`,
    hint: makeMore,
  });
}

function momentsOf(field: string, rows: Rows): Moments {
  requireRows(field, rows);
  return moments(rows);
}

function everyNth(order: Uint32Array, first: number, step: number): Uint32Array {
  return order.filter((_, i) => i % step === first);
}

function toMatrix(found: Moments): Matrix {
  return Matrix.from1DArray(found.mean.length, found.mean.length, covariance(found));
}

/** tr (S1 S2)^(1/2), by the symmetric S1^(1/2) S2 S1^(1/2), which has the same eigenvalues. */
function traceOfRoot(s1: Matrix, s2: Matrix): number {
  const root = squareRoot(s1);
  const { realEigenvalues } = new EigenvalueDecomposition(root.mmul(s2).mmul(root), { assumeSymmetric: true });
  return realEigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

function squareRoot(symmetric: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const roots = realEigenvalues.map((value) => Math.sqrt(Math.max(0, value)));
  return eigenvectorMatrix.clone().mulRowVector(roots).mmul(eigenvectorMatrix.transpose());
}
