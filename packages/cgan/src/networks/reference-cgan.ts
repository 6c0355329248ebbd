import { ConfigError, type RandomKey, initialiser, rejectUnknownOptions, requireInteger, tf } from '@lab/core';
import type { ConditionalGan } from '../conditional-gan.ts';

/** Options of `referenceCgan`. */
export interface ReferenceCganOptions {
  /**
   * Classes to choose from, at least 2.
   *
   * @default 10
   */
  readonly classes?: number;
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
 * The small pair of networks of most first conditional GANs: `referenceMlp` of `@lab/gan` with the one-hot label joined to
 * the latent in G and to the pixels in D. Weights start at N(0, 1 / sqrt(inputs / 2)), biases at 0; latents are N(0, 1);
 * images are in [0, 1].
 *
 * wiseodd, "generative-models", conditional GAN.
 *
 * @throws ConfigError for an option out of its range.
 */
export function referenceCgan(key: RandomKey, options: ReferenceCganOptions = {}): ConditionalGan {
  const { classes, latentDim, hidden, imageShape } = resolveOptions(options);
  const pixels = imageShape.reduce((product, size) => product * size, 1);
  const dense = (name: string, units: number, activation: 'relu' | 'sigmoid' | 'linear') =>
    tf.layers.dense({ name, units, activation, kernelInitializer: initialiser(key.child(name), { kind: 'heNormal' }) });
  const network = (name: 'generator' | 'discriminator', shape: readonly number[], layers: tf.layers.Layer[]) => {
    const first = tf.input({ shape: [...shape], name: `${name}_input` });
    const label = tf.input({ shape: [classes], name: `${name}_label` });
    const rows = shape.length === 1 ? first : tf.layers.flatten({ name: `${name}_rows` }).apply(first);
    const joined = tf.layers.concatenate({ name: `${name}_joined` }).apply([rows as tf.SymbolicTensor, label]);
    const outputs = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, joined as tf.SymbolicTensor);
    return tf.model({ name, inputs: [first, label], outputs });
  };
  return {
    generator: network(
      'generator',
      [latentDim],
      [
        dense('generator_hidden', hidden, 'relu'),
        dense('generator_pixels', pixels, 'sigmoid'),
        tf.layers.reshape({ name: 'generator_image', targetShape: [...imageShape] }),
      ],
    ),
    discriminator: network('discriminator', imageShape, [
      dense('discriminator_hidden', hidden, 'relu'),
      dense('discriminator_logit', 1, 'linear'),
    ]),
    latentDim,
    latent: 'normal',
    classes,
  };
}

function resolveOptions(options: ReferenceCganOptions) {
  rejectUnknownOptions('referenceCgan', options, ['classes', 'latentDim', 'hidden', 'imageShape']);
  const { classes = 10, latentDim = 100, hidden = 128, imageShape = [28, 28, 1] } = options;
  if (imageShape.length !== 3) {
    throw new ConfigError({ field: 'imageShape', value: imageShape, expected: '[height, width, channels]' });
  }
  return {
    classes: requireInteger('classes', classes, { min: 2 }),
    latentDim: requireInteger('latentDim', latentDim, { min: 1 }),
    hidden: requireInteger('hidden', hidden, { min: 1 }),
    imageShape: imageShape.map((size) => requireInteger('imageShape', size, { min: 1 })),
  };
}
