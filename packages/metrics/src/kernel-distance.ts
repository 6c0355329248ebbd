import type { Interval } from './interval.ts';
import { productBlocks } from './product-blocks.ts';
import { type Matrix, requireRows, requireSameSize, type Rows } from './rows.ts';
import { squaredNorms } from './distances.ts';

/**
 * The kernel distance, KID: the unbiased estimate of the squared maximum mean discrepancy with the kernel (x y / D + 1)^3;
 * Binkowski et al. 2018, section 4; Gretton et al. 2012, equation 3. Over all pairs: the mean over
 * random subsets that other programs print estimates the same number with more noise.
 *
 * 0 on average for equal distributions, so also below 0. Its 95% interval is from the variances of the estimate's
 * projection on single rows, on both sides (Hoeffding 1948).
 *
 * @param samples Features `[N, D]`, N at least 2.
 * @param reference Features `[M, D]` of real pictures, M at least 2.
 * @throws ConfigError for fewer rows, other numbers of features, or NaN.
 */
export async function kernelDistance(samples: Rows, reference: Rows): Promise<Interval> {
  const a = requireRows('samples', samples, 2);
  const b = requireRows('reference', reference, 2);
  requireSameSize(a, b);
  const [within, between, withinReference] = [await sumsWithin(a), await kernelSums(a, b), await sumsWithin(b)];
  const ofSample = within.map((sum, i) => sum / (a.count - 1) - between.rows[i]! / b.count);
  const ofReference = withinReference.map((sum, j) => sum / (b.count - 1) - between.columns[j]! / a.count);
  const value = mean(ofSample) + mean(ofReference);
  const margin = 1.96 * Math.sqrt((4 * variance(ofSample)) / a.count + (4 * variance(ofReference)) / b.count);
  return { value, low: value - margin, high: value + margin };
}

/** For each row, the sum of its kernel with all others of the same set. */
async function sumsWithin(a: Matrix): Promise<Float64Array> {
  const { rows } = await kernelSums(a, a);
  const norms = squaredNorms(a);
  return rows.map((sum, i) => sum - (norms[i]! / a.size + 1) ** 3);
}

/** The sums of the kernel over all pairs with a row of `a`, and with a row of `b`. */
async function kernelSums(a: Matrix, b: Matrix): Promise<{ rows: Float64Array; columns: Float64Array }> {
  const rows = new Float64Array(a.count);
  const columns = new Float64Array(b.count);
  for await (const { start, count, products } of productBlocks(a, b)) {
    for (let i = 0; i < count; i++) rows[start + i] = addKernels(products, i * b.count, a.size, columns);
  }
  return { rows, columns };
}

/** Adds the kernels of a row to the sums of the columns. @returns Their sum. */
function addKernels(products: Float32Array, offset: number, size: number, columns: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < columns.length; j++) {
    const base = products[offset + j]! / size + 1;
    const kernel = base * base * base;
    sum += kernel;
    columns[j]! += kernel;
  }
  return sum;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: Float64Array): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
