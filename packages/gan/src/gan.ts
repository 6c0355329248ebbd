import type { tf } from '@lab/core';
import { ConfigError, type RandomKey, requireInteger, requireNumber } from '@lab/core';

/**
 * How latents are distributed, each coordinate on its own: `normal` is N(0, 1), `uniform` U(-1, 1), and `wideUniform`
 * U(-sqrt 3, sqrt 3), whose variance is 1 as in Goodfellow's code.
 */
export type Latent = 'normal' | 'uniform' | 'wideUniform';

/** Two networks that play against each other. */
export interface Gan {
  /**
   * From latents `[B, latentDim]` to images `[B, height, width, channels]`, in the range of its last activation. With
   * `classes` it takes `[latents, oneHot]`.
   */
  readonly generator: tf.LayersModel;
  /**
   * From images of that shape to logits `[B, 1]`: the output is linear, D(x) is its sigmoid. With `classes` it either takes
   * `[images, oneHot]`, or takes images alone and puts out `[B, 1 + classes]`, the logits of the classes beside its own.
   */
  readonly discriminator: tf.LayersModel;
  readonly latentDim: number;
  readonly latent: Latent;
  /**
   * What latents are multiplied by once they are drawn, above 0. Below 1 they are likelier ones: samples get better and less
   * varied. Training wants 1.
   *
   * Kingma & Dhariwal 2018, "Glow", section 6; for GANs, by cutting the tails off, Brock et al. 2019, section 3.1.
   *
   * @default 1
   */
  readonly temperature?: number;
  /**
   * How many classes there are to choose from, in a conditional GAN: one-hot labels are `[B, classes]`.
   *
   * @default none
   */
  readonly classes?: number;
}

const uniformLimits = { uniform: 1, wideUniform: Math.sqrt(3) };

/**
 * Latents `[count, latentDim]`, distributed as `gan.latent` and `gan.temperature` say. The caller disposes of them.
 *
 * @throws ConfigError for a count below 1, or a temperature that is not above 0.
 */
export function drawLatents(
  gan: Pick<Gan, 'latent' | 'latentDim' | 'temperature'>,
  key: RandomKey,
  count: number,
): tf.Tensor2D {
  requireInteger('count', count, { min: 1 });
  const temperature = requireNumber('temperature', gan.temperature ?? 1, { above: 0 });
  const shape: [number, number] = [count, gan.latentDim];
  if (gan.latent === 'normal') return key.normal<tf.Rank.R2>(shape, 0, temperature);
  const limit = temperature * uniformLimits[gan.latent];
  return key.uniform<tf.Rank.R2>(shape, -limit, limit);
}

/** The weights that training changes, in the model's order. */
export function trainableVariables(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

/** The shape of one image, `[height, width, channels]`. */
export function imageShape(gan: Gan): number[] {
  return gan.discriminator.inputs[0]!.shape.slice(1) as number[];
}

/** @throws ConfigError unless `shape` is a batch of images that the discriminator can be shown. */
export function requireImages(gan: Gan, shape: readonly number[]): void {
  const expected = imageShape(gan);
  const fits =
    shape.length === expected.length + 1 && shape[0]! > 0 && expected.every((size, i) => shape[i + 1] === size);
  if (fits) return;
  throw new ConfigError({ field: "The images' shape", value: shape, expected: `[B, ${expected.join(', ')}]` });
}
