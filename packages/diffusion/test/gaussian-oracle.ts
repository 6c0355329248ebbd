import { tf } from '@lab/core';
import { combine } from '../src/process/combine.ts';
import type { Denoiser } from '../src/index.ts';

/** Pixels that are normal, each by itself. */
export interface Gaussian {
  readonly mean: number;
  readonly std: number;
}

/** The best denoiser there is for such pixels: the mean of `q(x0 | xt)`. */
export function gaussianOracle({ mean, std }: Gaussian): Denoiser {
  return (xt, { alpha, sigma }) =>
    tf.tidy(() => {
      const total = alpha ** 2 * std ** 2 + sigma ** 2;
      const x0 = tf.add(tf.mul(xt, (alpha * std ** 2) / total), (sigma ** 2 * mean) / total) as tf.Tensor4D;
      return { x0, epsilon: combine([1 / sigma, xt], [-alpha / sigma, x0]) };
    });
}

/** Mean and standard deviation of all pixels. */
export function momentsOf(pictures: tf.Tensor): Gaussian {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(pictures);
    return { mean: mean.dataSync()[0]!, std: Math.sqrt(variance.dataSync()[0]!) };
  });
}
