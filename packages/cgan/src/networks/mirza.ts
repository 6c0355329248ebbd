import { type Optimizer, type RandomKey, initialiser, rejectUnknownOptions, requireInteger, sgd, tf } from '@lab/core';
import { KeyedDropout, Maxout, goodfellowMomentum } from '@lab/gan';
import type { ConditionalGan } from '../conditional-gan.ts';

/** Options of `mirza`: the sizes of the paper by default; smaller ones for trials. */
export interface MirzaOptions {
  /**
   * Divides the units of every hidden layer, at least 1.
   *
   * @default 1
   */
  readonly shrink?: number;
}

const imageShape = [28, 28, 1];
const pixels = 784;
const latentDim = 100;
const classes = 10;

/**
 * The networks of the first conditional GAN. G: latent - 200 ReLU and label - 1000 ReLU, both - 1200 ReLU - 784 sigmoid.
 * D: pixels - maxout of 240 units with 5 pieces and label - maxout of 50 with 5, both - maxout of 240 with 4 - one logit. In
 * training half of each hidden layer's units are dropped. Images are in [0, 1]; latents are U(-1, 1), the paper's unit cube
 * moved to be centred. Train it with `mirzaOptimizers`, batches of 100.
 *
 * The paper does not say how weights start: here they are uniform in +-.05 in G and +-.005 in D, as in the run of Goodfellow
 * et al. 2014 that it follows.
 *
 * Mirza & Osindero 2014, "Conditional Generative Adversarial Nets", section 4.1.
 *
 * @throws ConfigError for an option out of its range.
 */
export function mirza(key: RandomKey, options: MirzaOptions = {}): ConditionalGan {
  rejectUnknownOptions('mirza', options, ['shrink']);
  const shrink = requireInteger('shrink', options.shrink ?? 1, { min: 1 });
  const parts = { key, units: (count: number) => Math.max(1, Math.round(count / shrink)) };
  return {
    generator: mirzaGenerator(parts),
    discriminator: mirzaDiscriminator(parts),
    latentDim,
    latent: 'uniform',
    classes,
  };
}

/**
 * Gradient descent with the paper's schedules, one optimiser for each player: rate .1 divided by 1.00004 a step down to
 * 1e-6; momentum .5, rising to .7 by epoch 250 (of 500 steps: 50,000 pictures, 100 each).
 */
export function mirzaOptimizers(): { dOptimizer: Optimizer; gOptimizer: Optimizer } {
  const optimizer = () =>
    sgd({
      learningRate: (step) => Math.max(0.1 / 1.00004 ** step, 1e-6),
      momentum: (step) => goodfellowMomentum(Math.floor((step - 1) / 500)),
    });
  return { dOptimizer: optimizer(), gOptimizer: optimizer() };
}

interface Parts {
  readonly key: RandomKey;
  readonly units: (count: number) => number;
}

function mirzaGenerator({ key, units }: Parts): tf.LayersModel {
  const z = tf.input({ shape: [latentDim], name: 'generator_latent' });
  const label = tf.input({ shape: [classes], name: 'generator_label' });
  const dense = (name: string, count: number, activation: 'relu' | 'sigmoid') =>
    tf.layers.dense({ name, units: count, activation, kernelInitializer: within(key, name, 0.05) });
  const hidden = (name: string, count: number, x: tf.SymbolicTensor) =>
    dropHalf(name, dense(name, units(count), 'relu').apply(x));
  const parts = [hidden('generator_z', 200, z), hidden('generator_y', 1000, label)];
  const joint = hidden('generator_joint', 1200, join('generator_joined', parts));
  const painted = dense('generator_pixels', pixels, 'sigmoid').apply(joint);
  const image = tf.layers.reshape({ name: 'generator_image', targetShape: imageShape }).apply(painted);
  return tf.model({ name: 'generator', inputs: [z, label], outputs: image as tf.SymbolicTensor });
}

function mirzaDiscriminator({ key, units }: Parts): tf.LayersModel {
  const images = tf.input({ shape: imageShape, name: 'discriminator_images' });
  const label = tf.input({ shape: [classes], name: 'discriminator_label' });
  const hidden = (name: string, count: number, pieces: number, x: tf.SymbolicTensor) => {
    const layer = new Maxout({ name, units: units(count), pieces, kernelInitializer: within(key, name, 0.005) });
    return dropHalf(name, layer.apply(x));
  };
  const rows = tf.layers.flatten({ name: 'discriminator_rows' }).apply(images) as tf.SymbolicTensor;
  const parts = [hidden('discriminator_x', 240, 5, rows), hidden('discriminator_y', 50, 5, label)];
  const joint = hidden('discriminator_joint', 240, 4, join('discriminator_joined', parts));
  const name = 'discriminator_logit';
  const logit = tf.layers.dense({ name, units: 1, kernelInitializer: within(key, name, 0.005) }).apply(joint);
  return tf.model({ name: 'discriminator', inputs: [images, label], outputs: logit as tf.SymbolicTensor });
}

function within(key: RandomKey, name: string, limit: number) {
  return initialiser(key.child(name), { kind: 'uniform', limit });
}

function dropHalf(name: string, x: unknown): tf.SymbolicTensor {
  return new KeyedDropout({ name: `${name}_dropout`, keep: 0.5 }).apply(x as tf.SymbolicTensor) as tf.SymbolicTensor;
}

function join(name: string, parts: tf.SymbolicTensor[]): tf.SymbolicTensor {
  return tf.layers.concatenate({ name }).apply(parts) as tf.SymbolicTensor;
}
