import { ConfigError, tf } from '@lab/core';
import { combine } from '../process/combine.ts';
import type { Denoiser } from '../sampling/sampler.ts';
import { batchHint } from './batch-hint.ts';

/**
 * A denoiser that believes only in pictures whose means over blocks are the given ones: what is believed is
 * corrected, block by block, by a constant. With any sampler it makes large pictures of small ones:
 * `sample(model, key, labels, { refine: (denoise) => withMeans(denoise, small) })`.
 *
 * Wang et al. 2023, "DDNM", equation 13, for the operator that takes means over blocks: its pseudo-inverse repeats them.
 *
 * @param small `[B, h, w, C]`; the pictures' sizes are multiples of these, the same both ways: 7x7 for 28x28. The caller's to dispose.
 * @throws ConfigError, when it is asked, for pictures that aren't such a multiple.
 */
export function withMeans(denoise: Denoiser, small: tf.Tensor4D): Denoiser {
  return (xt, level) =>
    tf.tidy(() => {
      const factor = requireFactor(xt.shape, small.shape);
      const { x0 } = denoise(xt, level);
      const missing = tf.sub(small, blockMeans(x0, factor)) as tf.Tensor4D;
      const corrected = combine([1, x0], [1, repeat(missing, factor)]);
      const epsilon = combine([1 / level.sigma, xt], [-level.alpha / level.sigma, corrected]);
      return { x0: corrected, epsilon };
    });
}

/** Means over blocks of `factor` x `factor` pixels: `[B, H, W, C]` to `[B, H / factor, W / factor, C]`. */
export function blockMeans(pictures: tf.Tensor4D, factor: number): tf.Tensor4D {
  return tf.avgPool(pictures, factor, factor, 'valid');
}

function repeat(pictures: tf.Tensor4D, factor: number): tf.Tensor4D {
  const [, height, width] = pictures.shape;
  return tf.image.resizeNearestNeighbor(pictures, [height * factor, width * factor]);
}

function requireFactor(large: readonly number[], small: readonly number[]): number {
  const factor = large[1]! / small[1]!;
  const fits =
    Number.isInteger(factor) && large[2] === small[2]! * factor && large[0] === small[0] && large[3] === small[3];
  if (fits) return factor;
  const expected = `[${large[0]}, h, w, ${large[3]}], h and w the same share of ${large[1]} and ${large[2]}`;
  const hint = batchHint(small[0]!);
  throw new ConfigError({ field: "The small pictures' shape", value: [...small], expected, hint });
}
