import { type RandomKey, tf } from '@lab/core';
import { sample, type SampleOptions } from '../sampling/sample.ts';
import { decode, type LatentModel } from './latent-model.ts';

/** Options of `sampleLatent`: those of `sample`, without `clip`: latents have no range. */
export type SampleLatentOptions = Omit<SampleOptions, 'clip'>;

/**
 * Pictures `[labels.length, H, W, C]`, held within [-1, 1]: latents by `sample`, decoded. The caller disposes of them.
 *
 * @throws ConfigError for a label that the network isn't told, or an option out of its range.
 */
export function sampleLatent(
  model: LatentModel,
  key: RandomKey,
  labels: ArrayLike<number>,
  options: SampleLatentOptions = {},
): tf.Tensor4D {
  const { batchSize = 250 } = options;
  return tf.tidy(() => {
    const latents = sample(model.diffusion, key, labels, { ...options, clip: false });
    const count = latents.shape[0];
    const parts: tf.Tensor4D[] = [];
    for (let from = 0; from < count; from += batchSize) {
      const part = tf.slice4d(latents, [from, 0, 0, 0], [Math.min(batchSize, count - from), -1, -1, -1]);
      parts.push(tf.clipByValue(decode(model, part), -1, 1));
    }
    return parts.length === 1 ? parts[0]! : tf.concat(parts, 0);
  });
}
