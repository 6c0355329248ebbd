import { ConfigError, rejectUnknownOptions, requireNumber } from '@lab/core';
import { centre, squaredNorms } from './distances.ts';
import { productBlocks } from './product-blocks.ts';
import { type Matrix, requireRows, requireSameSize, type Rows } from './rows.ts';

/** Options of `parzenWindow`. */
export interface ParzenOptions {
  /**
   * Standard deviations to choose from, each above 0.
   *
   * @default ten from .1 to 1 in equal ratios, as in Goodfellow's script
   */
  readonly sigmas?: readonly number[];
}

/** A Parzen window's mean log-likelihood of the test rows. */
export interface ParzenEstimate {
  /** Nats a row. */
  readonly logLikelihood: number;
  readonly standardError: number;
  /** The standard deviation that the validation rows chose. */
  readonly sigma: number;
}

/**
 * The log-likelihood of test pictures under a Gaussian at each sample, its width chosen on validation pictures; Breuleux et
 * al. 2011, as Goodfellow et al. 2014 used it (section 5: 225 +- 2 nats for MNIST).
 *
 * For comparison with history only: it rewards clean pixels and hardly sees lost classes (Theis et al. 2016). Real training pictures
 * as the samples give its ceiling, to be printed beside it.
 *
 * @param samples `[N, ...]` pictures in [0, 1]
 * @param validation `[V, ...]` real pictures, 1,000 in the paper.
 * @param test `[T, ...]` other real pictures, 10,000 in the paper.
 * @throws ConfigError for no rows, sizes that differ, NaN, or a sigma that isn't above 0.
 */
export async function parzenWindow(
  samples: Rows,
  validation: Rows,
  test: Rows,
  options: ParzenOptions = {},
): Promise<ParzenEstimate> {
  rejectUnknownOptions('parzenWindow', options, ['sigmas']);
  const sigmas = options.sigmas ?? Array.from({ length: 10 }, (_, i) => 10 ** (i / 9 - 1));
  if (sigmas.length === 0) throw new ConfigError({ field: 'sigmas', value: sigmas, expected: 'one or more numbers' });
  sigmas.forEach((sigma, i) => requireNumber(`sigmas[${i}]`, sigma, { above: 0 }));
  const means = (await logLikelihoods(validation, samples, sigmas)).map(mean);
  const sigma = sigmas[means.indexOf(Math.max(...means))]!;
  const [ofTest] = await logLikelihoods(test, samples, [sigma]);
  const logLikelihood = mean(ofTest!);
  const variance = mean(ofTest!.map((value) => (value - logLikelihood) ** 2));
  return { logLikelihood, standardError: Math.sqrt(variance / ofTest!.length), sigma };
}

/** For each sigma, of each row: log of the mean density of the Gaussians around the samples. */
async function logLikelihoods(rows: Rows, samples: Rows, sigmas: readonly number[]): Promise<Float64Array[]> {
  const [x, centres] = [requireRows('test and validation', rows), requireRows('samples', samples)];
  requireSameSize(x, centres);
  const [a, b] = centre(x, centres);
  const [normsA, normsB] = [squaredNorms(a), squaredNorms(b)];
  const found = sigmas.map(() => new Float64Array(a.count));
  const distances = new Float64Array(b.count);
  for await (const { start, count, products } of productBlocks(a, b)) {
    for (let i = 0; i < count; i++) {
      const norm = normsA[start + i]!;
      for (let j = 0, at = i * b.count; j < b.count; j++, at++) {
        distances[j] = Math.max(0, norm + normsB[j]! - 2 * products[at]!);
      }
      sigmas.forEach((sigma, k) => (found[k]![start + i] = logMeanGaussian(distances, sigma, b)));
    }
  }
  return found;
}

/** log of the mean of exp(-d / (2 sigma^2)) / (sigma sqrt(2 pi))^D over squared distances d, by its largest term. */
function logMeanGaussian(distances: Float64Array, sigma: number, { count, size }: Matrix): number {
  const precision = 1 / (2 * sigma * sigma);
  let least = Infinity;
  for (const distance of distances) if (distance < least) least = distance;
  let sum = 0;
  for (const distance of distances) {
    const exponent = (least - distance) * precision;
    // What follows is below the rounding of the first term.
    if (exponent > -60) sum += Math.exp(exponent);
  }
  return Math.log(sum / count) - least * precision - size * Math.log(sigma * Math.sqrt(2 * Math.PI));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
