import {
  ConfigError,
  type RandomKey,
  initialiser,
  rejectUnknownOptions,
  requireBoolean,
  requireInteger,
  requireOneOf,
  tf,
} from '@lab/core';
import type { Gan } from '../gan.ts';
import { MinibatchStdDev } from './minibatch-std-dev.ts';
import { SpectralDense } from './spectral-layers.ts';

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
  /**
   * What keeps D in bounds: `spectral` normalisation of both its layers, or `none`, as in the reference.
   *
   * @default 'none'
   */
  readonly dNorm?: 'none' | 'spectral';
  /**
   * Whether D's hidden layer is told how varied its minibatch is (`MinibatchStdDev`); the batch must then be a multiple of 4.
   *
   * @default false
   */
  readonly minibatchStdDev?: boolean;
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
  const { latentDim, hidden, imageShape, dNorm, minibatchStdDev } = resolveOptions(options);
  const pixels = imageShape.reduce((product, size) => product * size, 1);
  const initialise = (name: string) => initialiser(key.child(name), { kind: 'heNormal' });
  const dense = (name: string, units: number, activation: 'relu' | 'sigmoid' | 'linear') =>
    tf.layers.dense({ name, units, activation, kernelInitializer: initialise(name) });
  const bounded = (name: string, units: number, activation: 'relu' | 'linear') => {
    if (dNorm === 'none') return [dense(name, units, activation)];
    const layer = new SpectralDense({ name, units, kernelInitializer: initialise(name) });
    return activation === 'relu' ? [layer, tf.layers.reLU({ name: `${name}_relu` })] : [layer];
  };
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
      ...bounded('discriminator_hidden', hidden, 'relu'),
      ...(minibatchStdDev ? [new MinibatchStdDev({ name: 'discriminator_spread' })] : []),
      ...bounded('discriminator_logit', 1, 'linear'),
    ],
  });
  return { generator, discriminator, latentDim, latent: 'normal' };
}

function resolveOptions(options: ReferenceMlpOptions) {
  const names = ['latentDim', 'hidden', 'imageShape', 'dNorm', 'minibatchStdDev'];
  rejectUnknownOptions('referenceMlp', options, names);
  const { latentDim = 100, hidden = 128, imageShape = [28, 28, 1], dNorm = 'none', minibatchStdDev = false } = options;
  if (imageShape.length !== 3) {
    throw new ConfigError({ field: 'imageShape', value: imageShape, expected: '[height, width, channels]' });
  }
  return {
    latentDim: requireInteger('latentDim', latentDim, { min: 1 }),
    hidden: requireInteger('hidden', hidden, { min: 1 }),
    imageShape: imageShape.map((size) => requireInteger('imageShape', size, { min: 1 })),
    dNorm: requireOneOf('dNorm', dNorm, ['none', 'spectral']),
    minibatchStdDev: requireBoolean('minibatchStdDev', minibatchStdDev),
  };
}
