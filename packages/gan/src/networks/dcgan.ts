import type { RandomKey } from '@lab/core';
import { rejectUnknownOptions, requireInteger, tf } from '@lab/core';
import type { Gan } from '../gan.ts';
import {
  type DcganBodyOptions,
  dcganBodyOptions,
  dcganFeatures,
  dcganPainter,
  resolveDcganBody,
} from './dcgan-body.ts';
import { SpectralDense } from './spectral-layers.ts';

/** Options of `dcgan`. */
export interface DcganOptions extends DcganBodyOptions {
  /**
   * Numbers in a latent, at least 1.
   *
   * @default 100
   */
  readonly latentDim?: number;
}

/**
 * The DCGAN at the size of MNIST: G projects a latent to a small image of many channels and enlarges it twice by transposed
 * convolutions, with batch normalisation and ReLU; D halves the image twice by convolutions with strides and leaky ReLU.
 * Weights start at N(0, 0.02^2); latents are U(-1, 1). Images are in [0, 1] (sigmoid), as for the other networks here;
 * the paper has tanh. Train it with `adam({ learningRate: 2e-4, beta1: 0.5 })` on both sides.
 *
 * Radford et al. 2016, "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks".
 *
 * @throws ConfigError for an option out of its range.
 */
export function dcgan(key: RandomKey, options: DcganOptions = {}): Gan {
  rejectUnknownOptions('dcgan', options, ['latentDim', ...dcganBodyOptions]);
  const latentDim = requireInteger('latentDim', options.latentDim ?? 100, { min: 1 });
  const body = resolveDcganBody(options);

  const z = tf.input({ shape: [latentDim], name: 'generator_latent' });
  const generator = tf.model({ name: 'generator', inputs: z, outputs: dcganPainter(key.child('generator'), z, body) });

  const images = tf.input({ shape: [...body.imageShape], name: 'discriminator_images' });
  const features = dcganFeatures(key.child('discriminator'), images, body);
  const args = { name: 'discriminator_logit', units: 1, kernelInitializer: body.initialise(key.child('logit')) };
  const logit = (body.dNorm === 'spectral' ? new SpectralDense(args) : tf.layers.dense(args)).apply(features);
  const discriminator = tf.model({ name: 'discriminator', inputs: images, outputs: logit as tf.SymbolicTensor });
  return { generator, discriminator, latentDim, latent: 'uniform' };
}
