import { ConfigError } from '@lab/core';
import { predictedLabels, requireProbabilities } from './probabilities.ts';
import type { Rows } from './rows.ts';

/** What a classifier makes of many rows, in sums: plain numbers that survive JSON, and add up over shards. */
export interface ClassStatistics {
  readonly count: number;
  /** How many rows were taken for each class, `[C]`. */
  readonly histogram: readonly number[];
  /** Sum of the rows' probabilities, `[C]`. */
  readonly probabilities: readonly number[];
  /** Sum of the rows' entropies, nats. */
  readonly entropy: number;
  /** Sum of the rows' largest probabilities. */
  readonly confidence: number;
  /** Rows with a largest probability above .9. */
  readonly confident: number;
}

/**
 * @param probabilities `[N, C]`
 * @throws ConfigError unless each row is a distribution.
 */
export function classStatistics(probabilities: Rows): ClassStatistics {
  const { data, count, size } = requireProbabilities('probabilities', probabilities);
  const histogram = new Array<number>(size).fill(0);
  const sums = new Array<number>(size).fill(0);
  let [entropy, confidence, confident] = [0, 0, 0];
  predictedLabels(probabilities).forEach((label, i) => {
    const top = data[i * size + label]!;
    histogram[label]!++;
    confidence += top;
    confident += top > 0.9 ? 1 : 0;
    for (let c = 0; c < size; c++) {
      const p = data[i * size + c]!;
      sums[c]! += p;
      entropy -= p > 0 ? p * Math.log(p) : 0;
    }
  });
  return { count, histogram, probabilities: sums, entropy, confidence, confident };
}

/**
 * The statistics of all rows of all parts.
 *
 * @throws ConfigError if there is no part, or the parts differ in their number of classes.
 */
export function mergeClassStatistics(parts: readonly ClassStatistics[]): ClassStatistics {
  const [first] = parts;
  if (first === undefined) throw new ConfigError({ field: 'parts', value: parts, expected: 'one or more statistics' });
  const classes = first.histogram.length;
  parts.forEach(({ histogram }, i) => {
    if (histogram.length === classes) return;
    throw new ConfigError({ field: `The classes of parts[${i}]`, value: histogram.length, expected: `${classes}` });
  });
  return parts.reduce((a, b) => ({
    count: a.count + b.count,
    histogram: a.histogram.map((n, c) => n + b.histogram[c]!),
    probabilities: a.probabilities.map((sum, c) => sum + b.probabilities[c]!),
    entropy: a.entropy + b.entropy,
    confidence: a.confidence + b.confidence,
    confident: a.confident + b.confident,
  }));
}

/**
 * exp(mean KL(p(y|x) || p(y))), from 1 to the number of classes; Salimans et al. 2016, section 4 (the Inception score, with
 * whatever classifier made the probabilities). High for rows that are sure and classes that are even.
 */
export function classifierScore({ count, probabilities, entropy }: ClassStatistics): number {
  // The mean divergence is the entropy of the mean less the mean entropy; rounding may leave a hair below 0.
  return Math.exp(Math.max(0, entropyOf(probabilities) - entropy / count));
}

/** The entropy of a class histogram over that of equal shares: 1 if all classes are as frequent, 0 if there is only one. */
export function labelEntropy(histogram: readonly number[]): number {
  return entropyOf(histogram) / Math.log(histogram.length);
}

/** In nats, of shares given as counts or sums. */
function entropyOf(weights: readonly number[]): number {
  const total = weights.reduce((sum, n) => sum + n, 0);
  const terms = weights.filter((n) => n > 0).map((n) => -(n / total) * Math.log(n / total));
  return terms.reduce((sum, term) => sum + term, 0);
}
