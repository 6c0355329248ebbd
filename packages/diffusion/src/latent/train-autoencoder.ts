import {
  DivergenceError,
  type Optimizer,
  type Pace,
  type PaceOptions,
  paceSteps,
  type RandomKey,
  requireNumber,
  tf,
} from '@lab/core';
import { requireShape } from '../diffusion-model.ts';
import type { Pictures } from '../pictures.ts';
import type { Autoencoder } from './autoencoder.ts';
import { drawOf, klDivergence, posteriorOf } from './posterior.ts';

/** Options of `trainAutoencoder`. */
export interface TrainAutoencoderOptions extends PaceOptions {
  /** Changes the weights; keep the same one from step to step. */
  readonly optimizer: Optimizer;
  /** Decides the draws of the latents; step s uses `key.child(s)`. */
  readonly key: RandomKey;
  /**
   * What a nat a latent number costs, in squared errors a pixel; at least 0. The more, the smoother the latents, and the less sharp
   * the pictures.
   *
   * @default 0.01
   */
  readonly klWeight?: number;
}

/** What a step of an autoencoder tells, of the moment before the weights changed. */
export interface AutoencoderMetrics {
  /** `reconstruction + klWeight divergence` */
  readonly loss: number;
  /** Mean squared error of a pixel. */
  readonly reconstruction: number;
  /** Nats that the posterior is from the standard normal distribution, a latent number. */
  readonly divergence: number;
}

/**
 * Trains both networks for as long as the caller asks for more, and paced as `trainDiffusion` is.
 *
 * @param batches Pictures `[B, H, W, C]`, one batch a step.
 * @throws DivergenceError once the loss is NaN or infinite.
 * @throws ConfigError for an option out of its range, or pictures of another shape.
 */
export async function* trainAutoencoder(
  autoencoder: Autoencoder,
  batches: Iterable<Pictures> | AsyncIterable<Pictures>,
  options: TrainAutoencoderOptions,
): AsyncGenerator<Pace & AutoencoderMetrics, void, undefined> {
  const klWeight = requireNumber('klWeight', options.klWeight ?? 0.01, { min: 0 });
  const takeStep = (batch: Pictures, step: number) => {
    requireShape(autoencoder.encoder, batch.shape);
    return tf.tidy(() => {
      const pictures = tf.tensor4d(batch.data, batch.shape as [number, number, number, number], 'float32');
      return stepOn(autoencoder, pictures, options.key.child(step), { optimizer: options.optimizer, klWeight });
    });
  };
  yield* paceSteps(batches, options, takeStep, readMetrics);
}

/** Loss, reconstruction and divergence, `[3]`, of before the step. */
function stepOn(
  autoencoder: Autoencoder,
  pictures: tf.Tensor4D,
  key: RandomKey,
  { optimizer, klWeight }: Required<Pick<TrainAutoencoderOptions, 'optimizer' | 'klWeight'>>,
): tf.Tensor1D {
  const variables = autoencoderVariables(autoencoder);
  let parts: readonly [tf.Scalar, tf.Scalar] | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const { reconstruction, divergence } = autoencoderLosses(autoencoder, pictures, key);
    parts = [tf.keep(reconstruction), tf.keep(divergence)];
    return tf.add(reconstruction, tf.mul(klWeight, divergence));
  }, variables);
  try {
    optimizer.apply(grads, variables);
    return tf.stack([value, ...parts!]) as tf.Tensor1D;
  } finally {
    tf.dispose([...parts!]);
  }
}

/** Both parts of the evidence lower bound (Kingma & Welling 2014, equation 10), each a mean, and the first without its weight. */
export function autoencoderLosses(
  autoencoder: Autoencoder,
  pictures: tf.Tensor4D,
  key: RandomKey,
): { readonly reconstruction: tf.Scalar; readonly divergence: tf.Scalar } {
  return tf.tidy(() => {
    const posterior = posteriorOf(autoencoder, pictures);
    const numbers = posterior.mean.size / posterior.mean.shape[0];
    const latents = drawOf(posterior, key.normal<tf.Rank.R4>(posterior.mean.shape));
    const again = autoencoder.decoder.apply(latents) as tf.Tensor4D;
    return {
      reconstruction: tf.mean(tf.squaredDifference(pictures, again)) as tf.Scalar,
      divergence: tf.div(tf.mean(klDivergence(posterior)), numbers) as tf.Scalar,
    };
  });
}

/** The weights that training changes, of both networks. */
export function autoencoderVariables({ encoder, decoder }: Autoencoder): tf.Variable[] {
  return [encoder, decoder].flatMap((network) =>
    network.trainableWeights.map((weight) => weight.read() as tf.Variable),
  );
}

function readMetrics(values: ArrayLike<number>, step: number): AutoencoderMetrics {
  const [loss, reconstruction, divergence] = Array.from(values) as [number, number, number];
  if (Number.isFinite(loss)) return { loss, reconstruction, divergence };
  const remedy = 'Lower the learning rate, and look for pixels that are no numbers.';
  throw new DivergenceError({ step, quantity: 'loss', value: loss, remedy });
}
