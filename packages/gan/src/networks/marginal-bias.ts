import { ConfigError } from '@lab/core';
import type { Pictures } from '../pictures.ts';

/**
 * The bias at which a sigmoid paints the mean picture: for each pixel log(p / (1 - p)), p its mean, kept 1e-7 away from
 * 0 and 1.
 *
 * @param pictures In [0, 1]: `[N, ...]` each, at once or in batches; they are read one after the other.
 * @returns One number a pixel.
 * @throws ConfigError if there are no pictures, if batches differ in their pictures' size, or if a mean is outside [0, 1].
 *
 * `init_sigmoid_bias_from_marginals` of Goodfellow's MNIST run.
 */
export function marginalBias(pictures: Pictures | Iterable<Pictures>): Float32Array {
  const means = pixelMeans('data' in pictures ? [pictures] : pictures);
  return Float32Array.from(means, (mean) => {
    const p = Math.min(Math.max(mean, 1e-7), 1 - 1e-7);
    return Math.log(p / (1 - p));
  });
}

function pixelMeans(batches: Iterable<Pictures>): Float64Array {
  let sums = new Float64Array(0);
  let count = 0;
  for (const { data, shape } of batches) {
    const size = shape.slice(1).reduce((product, length) => product * length, 1);
    if (count === 0) sums = new Float64Array(size);
    if (size !== sums.length || data.length !== size * shape[0]!) {
      throw new ConfigError({
        field: "The pictures' shape",
        value: shape,
        expected: `[N, ...], ${sums.length} pixels each`,
      });
    }
    for (let i = 0; i < data.length; i++) sums[i % size]! += data[i]!;
    count += shape[0]!;
  }
  if (count === 0) throw new ConfigError({ field: 'The number of pictures', value: 0, expected: 'at least 1' });
  const means = sums.map((sum) => sum / count);
  const outside = means.find((mean) => !(mean >= 0 && mean <= 1));
  if (outside !== undefined)
    throw new ConfigError({ field: "A pixel's mean", value: outside, expected: 'from 0 to 1' });
  return means;
}
