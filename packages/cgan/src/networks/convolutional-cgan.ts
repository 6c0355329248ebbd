import { type RandomKey, rejectUnknownOptions, requireInteger, requireOneOf, tf } from '@lab/core';
import {
  type DcganBody,
  type DcganBodyOptions,
  SpectralDense,
  dcganBodyOptions,
  dcganFeatures,
  dcganPainter,
  resolveDcganBody,
} from '@lab/gan';
import type { ConditionalGan } from '../conditional-gan.ts';

/** Options of `convolutionalCgan`. */
export interface ConvolutionalCganOptions extends DcganBodyOptions {
  /**
   * Classes to choose from, at least 2.
   *
   * @default 10
   */
  readonly classes?: number;
  /**
   * Numbers in a latent, at least 1.
   *
   * @default 64
   */
  readonly latentDim?: number;
  /**
   * What D knows of classes: with `projection` it is shown the label, and adds the inner product of the features and a
   * vector of the label to its logit (Miyato & Koyama 2018, equation 3); with `auxiliary` it is not, and names the class
   * itself, which both players are rewarded for (Odena et al. 2017).
   *
   * @default 'projection'
   */
  readonly discriminator?: 'projection' | 'auxiliary';
  /**
   * Units of a hidden layer between D's convolutions, which see parts of an image, and its head, so that D can judge how
   * the parts fit together; 0 is no such layer.
   *
   * @default 0
   */
  readonly hidden?: number;
}

/**
 * A DCGAN with classes: G paints from the latent and the one-hot label beside each other, by the body of `dcgan` of
 * `@lab/gan`; D is the body with a head that knows classes. Latents are N(0, 1); images are in [0, 1]. D's normalisation is
 * `spectral` unless told otherwise, which goes with the loss `hinge` and `adam({ learningRate: 2e-4, beta1: 0.5 })`.
 *
 * @throws ConfigError for an option out of its range.
 */
export function convolutionalCgan(key: RandomKey, options: ConvolutionalCganOptions = {}): ConditionalGan {
  rejectUnknownOptions('convolutionalCgan', options, [
    'classes',
    'latentDim',
    'discriminator',
    'hidden',
    ...dcganBodyOptions,
  ]);
  const classes = requireInteger('classes', options.classes ?? 10, { min: 2 });
  const latentDim = requireInteger('latentDim', options.latentDim ?? 64, { min: 1 });
  const kind = requireOneOf('discriminator', options.discriminator ?? 'projection', ['projection', 'auxiliary']);
  const hidden = requireInteger('hidden', options.hidden ?? 0, { min: 0 });
  const body = resolveDcganBody({ ...options, dNorm: options.dNorm ?? 'spectral' });
  return {
    generator: conditionalGenerator(key.child('generator'), { body, classes, latentDim }),
    discriminator: (kind === 'projection' ? projection : auxiliary)(key.child('discriminator'), {
      body,
      classes,
      hidden,
    }),
    latentDim,
    latent: 'normal',
    classes,
  };
}

interface Sizes {
  readonly body: DcganBody;
  readonly classes: number;
}

interface DiscriminatorSizes extends Sizes {
  readonly hidden: number;
}

function conditionalGenerator(
  key: RandomKey,
  { body, classes, latentDim }: Sizes & { readonly latentDim: number },
): tf.LayersModel {
  const z = tf.input({ shape: [latentDim], name: 'generator_latent' });
  const label = tf.input({ shape: [classes], name: 'generator_label' });
  const code = tf.layers.concatenate({ name: 'generator_joined' }).apply([z, label]) as tf.SymbolicTensor;
  return tf.model({ name: 'generator', inputs: [z, label], outputs: dcganPainter(key, code, body) });
}

/** D(x, y) = psi(phi(x)) + <V y, phi(x)>, phi being the body, psi and V linear. */
function projection(key: RandomKey, { body, classes, hidden }: DiscriminatorSizes): tf.LayersModel {
  const images = tf.input({ shape: [...body.imageShape], name: 'discriminator_images' });
  const label = tf.input({ shape: [classes], name: 'discriminator_label' });
  const features = featuresOf(key, images, body, hidden);
  const ofImage = linear(key, body, 'discriminator_logit', 1).apply(features) as tf.SymbolicTensor;
  const vector = linear(key, body, 'discriminator_class', features.shape[1]!).apply(label) as tf.SymbolicTensor;
  const ofClass = tf.layers.dot({ name: 'discriminator_projection', axes: 1 }).apply([vector, features]);
  const logit = tf.layers.add({ name: 'discriminator_sum' }).apply([ofImage, ofClass as tf.SymbolicTensor]);
  return tf.model({ name: 'discriminator', inputs: [images, label], outputs: logit as tf.SymbolicTensor });
}

/** The logit of being real, and beside it those of the classes. */
function auxiliary(key: RandomKey, { body, classes, hidden }: DiscriminatorSizes): tf.LayersModel {
  const images = tf.input({ shape: [...body.imageShape], name: 'discriminator_images' });
  const features = featuresOf(key, images, body, hidden);
  const logits = linear(key, body, 'discriminator_logits', 1 + classes).apply(features);
  return tf.model({ name: 'discriminator', inputs: images, outputs: logits as tf.SymbolicTensor });
}

function featuresOf(key: RandomKey, images: tf.SymbolicTensor, body: DcganBody, hidden: number): tf.SymbolicTensor {
  const parts = dcganFeatures(key, images, body);
  if (hidden === 0) return parts;
  const whole = linear(key, body, 'discriminator_hidden', hidden).apply(parts);
  return tf.layers.leakyReLU({ name: 'discriminator_leaky3', alpha: 0.2 }).apply(whole) as tf.SymbolicTensor;
}

function linear(key: RandomKey, { dNorm, initialise }: DcganBody, name: string, units: number): tf.layers.Layer {
  const args = { name, units, kernelInitializer: initialise(key.child(name)) };
  return dNorm === 'spectral' ? new SpectralDense(args) : tf.layers.dense(args);
}
