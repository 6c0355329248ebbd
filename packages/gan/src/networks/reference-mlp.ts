import { ConfigError, type RandomKey, initialiser, rejectUnknownOptions, requireInteger, tf } from '@lab/core';
import type { Gan } from '../gan.ts';

/** Options of `referenceMlp`. */
export interface ReferenceMlpOptions {
  /**
   * Numbers in a latent, at least 1.
   *
   * @default 100
   */
  readonly latentDim?: number;
  /**
   * Units of each network's hidden layer, at least 1.
   *
   * @default 128
   */
  readonly hidden?: number;
  /**
   * Height, width and channels of an image, each at least 1.
   *
   * @default [28, 28, 1]
   */
  readonly imageShape?: readonly [number, number, number];
}

/**
 * The small pair of networks that most first GANs have: G is latent - hidden ReLU - pixels sigmoid, D is pixels - hidden
 * ReLU - one logit. Weights start at N(0, 1 / sqrt(inputs / 2)), biases at 0; latents are N(0, 1); images are in [0, 1].
 *
 * wiseodd, "generative-models", vanilla GAN; the initialisation is that of He et al. 2015.
 *
 * @throws ConfigError for an option out of its range.
 */
export function referenceMlp(key: RandomKey, options: ReferenceMlpOptions = {}): Gan {
  const { latentDim, hidden, imageShape } = resolveOptions(options);
  const pixels = imageShape.reduce((product, size) => product * size, 1);
  const dense = (name: string, units: number, activation: 'relu' | 'sigmoid' | 'linear') =>
    tf.layers.dense({ name, units, activation, kernelInitializer: initialiser(key.child(name), { kind: 'heNormal' }) });
  const generator = tf.sequential({
    name: 'generator',
    layers: [
      tf.layers.inputLayer({ inputShape: [latentDim] }),
      dense('generator_hidden', hidden, 'relu'),
      dense('generator_pixels', pixels, 'sigmoid'),
      tf.layers.reshape({ name: 'generator_image', targetShape: imageShape }),
    ],
  });
  const discriminator = tf.sequential({
    name: 'discriminator',
    layers: [
      tf.layers.inputLayer({ inputShape: imageShape }),
      tf.layers.flatten({ name: 'discriminator_rows' }),
      dense('discriminator_hidden', hidden, 'relu'),
      dense('discriminator_logit', 1, 'linear'),
    ],
  });
  return { generator, discriminator, latentDim, latent: 'normal' };
}

function resolveOptions(options: ReferenceMlpOptions): { latentDim: number; hidden: number; imageShape: number[] } {
  rejectUnknownOptions('referenceMlp', options, ['latentDim', 'hidden', 'imageShape']);
  const { latentDim = 100, hidden = 128, imageShape = [28, 28, 1] } = options;
  if (imageShape.length !== 3) {
    throw new ConfigError({ field: 'imageShape', value: imageShape, expected: '[height, width, channels]' });
  }
  return {
    latentDim: requireInteger('latentDim', latentDim, { min: 1 }),
    hidden: requireInteger('hidden', hidden, { min: 1 }),
    imageShape: imageShape.map((size) => requireInteger('imageShape', size, { min: 1 })),
  };
}
