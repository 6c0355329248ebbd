import { type RandomKey, requireInteger, tf } from '@lab/core';
import { requireShape } from '../diffusion-model.ts';
import type { TrainingBatch } from '../training/train-diffusion.ts';
import { encode, type LatentModel } from './latent-model.ts';

/** Options of `latentBatches`. */
export interface LatentBatchesOptions {
  /** Decides the draws of the posteriors; batch number s uses `key.child(s)`. */
  readonly key: RandomKey;
  /**
   * Batches that were used already, when a run is resumed, at least 0: `batches` begins with the next.
   *
   * @default 0
   */
  readonly startStep?: number;
}

/**
 * The latents of every batch of pictures, drawn anew: what `trainDiffusion(model.diffusion, ...)` learns from.
 *
 * @throws ConfigError for pictures of another shape.
 */
export async function* latentBatches(
  model: Pick<LatentModel, 'autoencoder' | 'scale'>,
  batches: Iterable<TrainingBatch>,
  { key, startStep = 0 }: LatentBatchesOptions,
): AsyncGenerator<TrainingBatch, void, undefined> {
  let step = requireInteger('startStep', startStep, { min: 0 });
  for (const { data, shape, labels } of batches) {
    step += 1;
    requireShape(model.autoencoder.encoder, shape);
    const latents = tf.tidy(() => {
      const pictures = tf.tensor4d(data, shape as [number, number, number, number], 'float32');
      return encode(model, pictures, key.child(step));
    });
    const host = (await latents.data<'float32'>()).slice();
    latents.dispose();
    yield { data: host, shape: latents.shape, labels };
  }
}
