import type { RandomKey } from '@lab/core';
import { labelEntropy } from './class-statistics.ts';
import { bootstrapInterval, type BootstrapOptions, type Interval } from './interval.ts';
import { predictedLabels, requireProbabilities } from './probabilities.ts';
import type { Rows } from './rows.ts';

/**
 * `classifierScore` with its bootstrap interval over the rows.
 *
 * @param probabilities `[N, C]`
 * @throws ConfigError unless each row is a distribution.
 */
export function classifierScoreInterval(probabilities: Rows, key: RandomKey, options?: BootstrapOptions): Interval {
  const { data, count, size } = requireProbabilities('probabilities', probabilities);
  const terms = data.map((p) => (p > 0 ? p * Math.log(p) : 0));
  const divergence = Float64Array.from({ length: count }, (_, i) => sum(terms.subarray(i * size, (i + 1) * size)));
  const score = (indices: ArrayLike<number>) => {
    const shares = new Float64Array(size);
    let total = 0;
    for (let k = 0; k < indices.length; k++) {
      const i = indices[k]!;
      total += divergence[i]!;
      for (let c = 0; c < size; c++) shares[c]! += data[i * size + c]! / indices.length;
    }
    const ofMean = shares.reduce((entropy, p) => entropy - (p > 0 ? p * Math.log(p) : 0), 0);
    return Math.exp(Math.max(0, ofMean + total / indices.length));
  };
  return bootstrapInterval(count, score, key, options);
}

/** `labelEntropy` of the likeliest classes, with its bootstrap interval over the rows. */
export function labelEntropyInterval(probabilities: Rows, key: RandomKey, options?: BootstrapOptions): Interval {
  const labels = predictedLabels(probabilities);
  const classes = probabilities.data.length / labels.length;
  const entropy = (indices: ArrayLike<number>) => {
    const histogram = new Array<number>(classes).fill(0);
    for (let k = 0; k < indices.length; k++) histogram[labels[indices[k]!]!]!++;
    return labelEntropy(histogram);
  };
  return bootstrapInterval(labels.length, entropy, key, options);
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
