import { ConfigError, rejectUnknownOptions, requireInteger } from '@lab/core';
import { centre, roundingOfDistance, squaredDistance, squaredNorms } from './distances.ts';
import { squaredRadii } from './nearest-neighbours.ts';
import { productBlocks } from './product-blocks.ts';
import { type Matrix, requireRows, requireSameSize, type Rows } from './rows.ts';

/** Options of `manifoldScores` and `manifoldMembership`. */
export interface ManifoldOptions {
  /**
   * k: the ball around a row reaches to its k-th nearest other row of the same set. Naeem et al. take 5, Kynkäänniemi et
   * al. 3.
   *
   * @default 5
   */
  readonly neighbours?: number;
}

/** Quality and variety apart. */
export interface ManifoldScores {
  /** Share of the samples that lie in the balls of the reference: quality. 0 to 1. */
  readonly precision: number;
  /** Share of the reference that lies in the balls of the samples: variety. 0 to 1. */
  readonly recall: number;
  /** Balls of the reference that a sample lies in, over k: precision that a lone outlier's large ball can't lift. About 1 for real data, may exceed it. */
  readonly density: number;
  /** Share of the reference in whose ball there is a sample: variety, by the balls of real pictures. 0 to 1. */
  readonly coverage: number;
}

/** What the scores are the means of. */
export interface ManifoldMembership {
  /** `[N]`: 1 for a sample in the balls of the reference. */
  readonly precision: Float64Array;
  /** `[M]`: 1 for a row of the reference in the balls of the samples. */
  readonly recall: Float64Array;
  /** `[N]`: how many balls of the reference a sample is in, over k. */
  readonly density: Float64Array;
  /** `[M]`: 1 for a row of the reference with a sample in its ball. */
  readonly coverage: Float64Array;
}

/**
 * Improved precision and recall (Kynkäänniemi et al. 2019, equations 1 and 2), density and coverage (Naeem et al. 2020, section
 * 3). A ball holds its border, as both papers write it.
 *
 * They depend on the counts: take as many samples as real rows, and the same numbers for what is compared.
 *
 * @param samples Features `[N, D]`
 * @param reference Features `[M, D]` of real pictures
 * @throws ConfigError if either has no more than `neighbours` rows, they differ in D, or a number is NaN.
 */
export async function manifoldScores(
  samples: Rows,
  reference: Rows,
  options: ManifoldOptions = {},
): Promise<ManifoldScores> {
  const { precision, recall, density, coverage } = await manifoldMembership(samples, reference, options);
  return { precision: mean(precision), recall: mean(recall), density: mean(density), coverage: mean(coverage) };
}

/** The same row by row: for `meanInterval`, or to look at the samples that lie nowhere near a real picture. */
export async function manifoldMembership(
  samples: Rows,
  reference: Rows,
  options: ManifoldOptions = {},
): Promise<ManifoldMembership> {
  rejectUnknownOptions('manifoldScores', options, ['neighbours']);
  const k = requireInteger('neighbours', options.neighbours ?? 5, { min: 1 });
  const a = requireMoreThan(k, 'samples', samples);
  const b = requireMoreThan(k, 'reference', reference);
  requireSameSize(a, b);
  const balls = { a: await squaredRadii(a, k), b: await squaredRadii(b, k) };
  const { inReference, inSamples, hasSample } = await countMemberships(a, b, balls);
  const atLeastOne = (count: number) => Math.min(1, count);
  return {
    precision: inReference.map(atLeastOne),
    recall: inSamples.map(atLeastOne),
    density: inReference.map((count) => count / k),
    coverage: hasSample.map(atLeastOne),
  };
}

interface Memberships {
  /** `[N]` balls of the reference around each sample. */
  readonly inReference: Float64Array;
  /** `[M]` balls of samples around each row of the reference. */
  readonly inSamples: Float64Array;
  /** `[M]` samples in each ball of the reference. */
  readonly hasSample: Float64Array;
}

/** @param balls Squared radii of the samples' balls and of the reference's. */
async function countMemberships(
  a: Matrix,
  b: Matrix,
  balls: { readonly a: Float64Array; readonly b: Float64Array },
): Promise<Memberships> {
  const [centredA, centredB] = centre(a, b);
  const [normsA, normsB] = [squaredNorms(centredA), squaredNorms(centredB)];
  const [inReference, inSamples, hasSample] = [a.count, b.count, b.count].map((count) => new Float64Array(count));
  for await (const { start, count, products } of productBlocks(centredA, centredB)) {
    for (let i = start, at = 0; i < start + count; i++) {
      for (let j = 0; j < b.count; j++, at++) {
        const norms = normsA[i]! + normsB[j]!;
        let far = norms - 2 * products[at]!;
        const doubt = roundingOfDistance * norms;
        if (far > balls.a[i]! + doubt && far > balls.b[j]! + doubt) continue;
        if (Math.abs(far - balls.a[i]!) <= doubt || Math.abs(far - balls.b[j]!) <= doubt) {
          far = squaredDistance(a, i, b, j);
        }
        if (far <= balls.a[i]!) inSamples![j]!++;
        if (far > balls.b[j]!) continue;
        inReference![i]!++;
        hasSample![j]!++;
      }
    }
  }
  return { inReference: inReference!, inSamples: inSamples!, hasSample: hasSample! };
}

function requireMoreThan(k: number, field: string, rows: Rows): Matrix {
  const matrix = requireRows(field, rows);
  if (matrix.count > k) return matrix;
  const expected = `above neighbours, ${k}`;
  throw new ConfigError({ field: `The number of ${field}`, value: matrix.count, expected });
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
