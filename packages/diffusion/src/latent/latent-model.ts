import { ConfigError, type RandomKey, tf } from '@lab/core';
import { classConditionalModel } from '../class-conditional-model.ts';
import { type DiffusionModel, requireShape } from '../diffusion-model.ts';
import type { Pictures } from '../pictures.ts';
import { type Autoencoder, autoencoder } from './autoencoder.ts';
import { drawOf, posteriorOf } from './posterior.ts';

/** Mean and standard deviation of every channel of the latents, `[c]`. */
export interface LatentScale {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * Diffusion in the latents of an autoencoder: Rombach et al. 2022, "High-resolution image synthesis with latent diffusion models",
 * what Stable Diffusion is.
 */
export interface LatentModel {
  readonly autoencoder: Autoencoder;
  /** What latents are shifted and divided by, so that diffusion finds them as it expects pictures: about 1 in spread. */
  readonly scale: LatentScale;
  /** Of the latents so scaled, `[B, h, w, c]`. Anything that works on a diffusion model works on this one, without `clip`. */
  readonly diffusion: DiffusionModel;
}

/**
 * An autoencoder that makes 28x28x1 pictures 7x7x4, and a U-Net of one level for what it makes, which attends to the class; both
 * untrained. The process is that of `classConditionalModel`.
 *
 * @param key Decides the first weights.
 */
export function latentModel(key: RandomKey): LatentModel {
  const latentChannels = 4;
  return {
    autoencoder: autoencoder(key.child('autoencoder'), { latentChannels }),
    scale: { mean: new Array<number>(latentChannels).fill(0), std: new Array<number>(latentChannels).fill(1) },
    diffusion: classConditionalModel(key.child('diffusion'), {
      imageSize: 7,
      channels: latentChannels,
      widths: [64],
      classBy: 'attention',
    }),
  };
}

/**
 * The latents of pictures, scaled. `[B, h, w, c]`, the caller's to dispose.
 *
 * @param pictures `[B, H, W, C]`, in the range that the autoencoder was trained on, usually [-1, 1].
 * @param key Decides the draws of the posterior; without it, its means.
 * @throws ConfigError for pictures of another shape.
 */
export function encode(
  { autoencoder, scale }: Pick<LatentModel, 'autoencoder' | 'scale'>,
  pictures: tf.Tensor4D,
  key?: RandomKey,
): tf.Tensor4D {
  requireShape(autoencoder.encoder, pictures.shape);
  return tf.tidy(() => {
    const posterior = posteriorOf(autoencoder, pictures);
    const drawn = key === undefined ? posterior.mean : drawOf(posterior, key.normal(posterior.mean.shape));
    return tf.div(tf.sub(drawn, tf.tensor1d([...scale.mean])), tf.tensor1d([...scale.std])) as tf.Tensor4D;
  });
}

/**
 * Pictures of latents; nothing holds them in any range. `[B, H, W, C]`, the caller's to dispose.
 *
 * @param latents As `encode` makes them, `[B, h, w, c]`.
 * @throws ConfigError for latents of another shape.
 */
export function decode(
  { autoencoder, scale }: Pick<LatentModel, 'autoencoder' | 'scale'>,
  latents: tf.Tensor4D,
): tf.Tensor4D {
  requireShape(autoencoder.decoder, latents.shape, 'latents');
  return tf.tidy(() => {
    const unscaled = tf.add(tf.mul(latents, tf.tensor1d([...scale.std])), tf.tensor1d([...scale.mean]));
    return autoencoder.decoder.apply(unscaled) as tf.Tensor4D;
  });
}

/**
 * Mean and standard deviation of the latents' channels, over all pictures of all batches.
 *
 * @throws ConfigError for pictures of another shape, or none.
 */
export async function measureLatents(autoencoder: Autoencoder, batches: Iterable<Pictures>): Promise<LatentScale> {
  const sums: number[][] = [];
  let count = 0;
  for (const { data, shape } of batches) {
    requireShape(autoencoder.encoder, shape);
    const moments = tf.tidy(() =>
      momentSums(autoencoder, tf.tensor4d(data, shape as [number, number, number, number])),
    );
    sums.push(Array.from(await moments.data()));
    moments.dispose();
    count += shape[0]!;
  }
  if (count === 0) throw new ConfigError({ field: 'The number of pictures', value: 0, expected: 'at least 1' });
  const [height, width, channels] = autoencoder.decoder.inputs[0]!.shape.slice(1) as [number, number, number];
  const total = (i: number) => sums.reduce((sum, one) => sum + one[i]!, 0) / (count * height * width);
  const mean = Array.from({ length: channels }, (_, i) => total(i));
  return { mean, std: mean.map((m, i) => Math.sqrt(total(channels + i) - m ** 2)) };
}

/** Sums of all latents and of the squares of all their draws, a channel: `[2 c]`. */
function momentSums(autoencoder: Autoencoder, pictures: tf.Tensor4D): tf.Tensor1D {
  const { mean, logVariance } = posteriorOf(autoencoder, pictures);
  const squares = tf.add(tf.square(mean), tf.exp(logVariance));
  return tf.concat([tf.sum(mean, [0, 1, 2]), tf.sum(squares, [0, 1, 2])]) as tf.Tensor1D;
}
