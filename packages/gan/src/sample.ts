import { ConfigError, type RandomKey, requireInteger, tf } from '@lab/core';
import { type Gan, drawLatents } from './gan.ts';
import { conditionFor } from './minibatch.ts';
import type { Pictures } from './pictures.ts';
import { generate } from './play.ts';

/** Options of `sample` and `sampleFrom`. */
export interface SampleOptions {
  /**
   * Latents that go through G at a time, at least 1: bounds the memory, changes no sample beyond rounding.
   *
   * @default 500
   */
  readonly batchSize?: number;
  /**
   * The class of each sample, from 0 to `gan.classes - 1`; a conditional GAN needs them, another takes none.
   *
   * @default none
   */
  readonly labels?: ArrayLike<number>;
}

/**
 * `count` samples, `[count, height, width, channels]`; the same for the same key. The caller disposes of them.
 *
 * @throws ConfigError for an option out of its range.
 */
export function sample(gan: Gan, key: RandomKey, count: number, options: SampleOptions = {}): tf.Tensor4D {
  return tf.tidy(() => sampleFrom(gan, drawLatents(gan, key, count), options));
}

/**
 * G(z) for given latents `[N, latentDim]`, as a tensor or on the host: images `[N, height, width, channels]`.
 * The caller disposes of them.
 *
 * @throws ConfigError for latents of another shape, for labels that do not fit, or a batch size that is not an integer of
 *   at least 1.
 */
export function sampleFrom(gan: Gan, latents: tf.Tensor2D | Pictures, options: SampleOptions = {}): tf.Tensor4D {
  const batchSize = requireInteger('batchSize', options.batchSize ?? 500, { min: 1 });
  const [count, width] = requireLatents(gan, latents.shape);
  return tf.tidy(() => {
    const z = latents instanceof tf.Tensor ? tf.cast(latents, 'float32') : tf.tensor2d(latents.data, [count, width]);
    const condition = conditionFor(gan, count, options.labels);
    const batches: tf.Tensor[] = [];
    for (let from = 0; from < count; from += batchSize) {
      const part = <T extends tf.Tensor>(rows: T) => tf.slice(rows, from, Math.min(batchSize, count - from)) as T;
      batches.push(generate(gan, part(z), condition && part(condition), false));
    }
    return (batches.length === 1 ? batches[0]! : tf.concat(batches, 0)) as tf.Tensor4D;
  });
}

function requireLatents(gan: Gan, shape: readonly number[]): [number, number] {
  if (shape.length === 2 && shape[0]! > 0 && shape[1] === gan.latentDim) return shape as [number, number];
  throw new ConfigError({ field: "The latents' shape", value: shape, expected: `[N, ${gan.latentDim}], N at least 1` });
}
