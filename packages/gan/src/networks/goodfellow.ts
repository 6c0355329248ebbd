import { ConfigError, type RandomKey, initialiser, rejectUnknownOptions, requireInteger, tf } from '@lab/core';
import type { Gan } from '../gan.ts';
import { KeyedDropout } from './keyed-dropout.ts';
import { Maxout } from './maxout.ts';

/** Options of `goodfellow`. */
export interface GoodfellowOptions {
  /**
   * First values of the bias of G's output, one a pixel: `marginalBias(pictures)`, so that an untrained G already
   * paints the mean picture.
   *
   * @default zeros
   */
  readonly outputBias?: Float32Array;
  /**
   * Units of each of G's two hidden layers, at least 1.
   *
   * @default 1200
   */
  readonly generatorUnits?: number;
  /**
   * Units of each of D's two maxout layers, at least 1.
   *
   * @default 240
   */
  readonly maxoutUnits?: number;
  /**
   * Linear pieces of a maxout unit, at least 1.
   *
   * @default 5
   */
  readonly maxoutPieces?: number;
}

const imageShape = [28, 28, 1];
const pixels = 784;
const latentDim = 100;

/**
 * The networks of the first GAN's own MNIST run. G: 100 - 1200 ReLU - 1200 ReLU - 784 sigmoid, weights uniform in +-.05.
 * D: two maxout layers of 240 units with 5 pieces, then one logit, weights uniform in +-.005; in training, .8 of the
 * pixels and .5 of the units of each layer are kept. Latents are uniform with variance 1; images are in [0, 1].
 *
 * Goodfellow et al. 2014, section 5; sizes from `mnist.yaml` in the authors' repository. Train it with
 * `goodfellowOptimizers`, batches of 100.
 *
 * @throws ConfigError for an option out of its range.
 */
export function goodfellow(key: RandomKey, options: GoodfellowOptions = {}): Gan {
  const { generatorUnits, maxoutUnits, maxoutPieces } = resolveOptions(options);
  const within = (name: string, limit: number) => initialiser(key.child(name), { kind: 'uniform', limit });
  const dense = (name: string, units: number, activation: 'relu' | 'sigmoid' | 'linear', limit: number) =>
    tf.layers.dense({ name, units, activation, kernelInitializer: within(name, limit) });
  const maxout = (name: string) =>
    new Maxout({ name, units: maxoutUnits, pieces: maxoutPieces, kernelInitializer: within(name, 0.005) });

  const generator = tf.sequential({
    name: 'generator',
    layers: [
      tf.layers.inputLayer({ inputShape: [latentDim] }),
      dense('generator_hidden1', generatorUnits, 'relu', 0.05),
      dense('generator_hidden2', generatorUnits, 'relu', 0.05),
      dense('generator_pixels', pixels, 'sigmoid', 0.05),
      tf.layers.reshape({ name: 'generator_image', targetShape: imageShape }),
    ],
  });
  const discriminator = tf.sequential({
    name: 'discriminator',
    layers: [
      tf.layers.inputLayer({ inputShape: imageShape }),
      tf.layers.flatten({ name: 'discriminator_rows' }),
      new KeyedDropout({ name: 'discriminator_dropout0', keep: 0.8 }),
      maxout('discriminator_maxout1'),
      new KeyedDropout({ name: 'discriminator_dropout1', keep: 0.5 }),
      maxout('discriminator_maxout2'),
      new KeyedDropout({ name: 'discriminator_dropout2', keep: 0.5 }),
      dense('discriminator_logit', 1, 'linear', 0.005),
    ],
  });
  if (options.outputBias !== undefined) setOutputBias(generator, options.outputBias);
  return { generator, discriminator, latentDim, latent: 'wideUniform' };
}

function setOutputBias(generator: tf.LayersModel, bias: Float32Array): void {
  const variable = generator.getLayer('generator_pixels').weights[1]!;
  const values = tf.tensor1d(bias);
  variable.write(values);
  values.dispose();
}

function resolveOptions(options: GoodfellowOptions) {
  rejectUnknownOptions('goodfellow', options, ['outputBias', 'generatorUnits', 'maxoutUnits', 'maxoutPieces']);
  const { outputBias, generatorUnits = 1200, maxoutUnits = 240, maxoutPieces = 5 } = options;
  if (outputBias !== undefined && (outputBias.length !== pixels || !outputBias.every(Number.isFinite))) {
    const value = `${outputBias.length} numbers`;
    throw new ConfigError({ field: 'outputBias', value, expected: `${pixels} finite numbers` });
  }
  return {
    generatorUnits: requireInteger('generatorUnits', generatorUnits, { min: 1 }),
    maxoutUnits: requireInteger('maxoutUnits', maxoutUnits, { min: 1 }),
    maxoutPieces: requireInteger('maxoutPieces', maxoutPieces, { min: 1 }),
  };
}
