import { initialiser, type RandomKey, tf } from '@lab/core';
import { FusedConv2D, GroupNormalization, NearestUpsampling } from '@lab/core/layers';
import { type AutoencoderOptions, resolveAutoencoderOptions, type ResolvedAutoencoder } from './autoencoder-options.ts';

/** Two networks: one makes pictures small, the other makes pictures of that again. */
export interface Autoencoder {
  /**
   * From pictures `[B, H, W, C]` to the mean and the logarithm of the variance of every latent number, beside each other,
   * `[B, h, w, 2 c]`: see `posteriorOf`.
   */
  readonly encoder: tf.LayersModel;
  /** From latents `[B, h, w, c]` to pictures `[B, H, W, C]`. */
  readonly decoder: tf.LayersModel;
}

/**
 * A variational autoencoder (Kingma & Welling 2014) of convolutions, untrained: by default 28x28x1 pictures become 7x7x4 latents.
 * Each width is a level; between levels the picture is halved by a convolution of stride 2, and doubled by repeating its
 * pixels. As Rombach et al. 2022, appendix G, but with one convolution a level.
 *
 * @param key Decides the first weights.
 * @throws ConfigError for an option out of its range, or that doesn't fit the others.
 */
export function autoencoder(key: RandomKey, options: AutoencoderOptions = {}): Autoencoder {
  const resolved = resolveAutoencoderOptions(options);
  return { encoder: encoder(key.child('encoder'), resolved), decoder: decoder(key.child('decoder'), resolved) };
}

function encoder(key: RandomKey, options: ResolvedAutoencoder): tf.LayersModel {
  const { imageSize, channels, widths, latentChannels } = options;
  const { convolution, normalised } = layersOf(key, options);
  const pictures = tf.input({ name: 'pictures', shape: [imageSize, imageSize, channels] });
  let h = convolution('in', widths[0]!).apply(pictures) as tf.SymbolicTensor;
  for (const [level, width] of widths.slice(1).entries()) {
    h = convolution(`halve${level}`, width, 2).apply(normalised(`halve${level}_norm`, h)) as tf.SymbolicTensor;
  }
  h = convolution('low', widths.at(-1)!).apply(normalised('low_norm', h)) as tf.SymbolicTensor;
  const posterior = convolution('posterior', 2 * latentChannels).apply(normalised('posterior_norm', h));
  return tf.model({ name: 'encoder', inputs: pictures, outputs: posterior as tf.SymbolicTensor });
}

function decoder(key: RandomKey, options: ResolvedAutoencoder): tf.LayersModel {
  const { latentSize, channels, widths, latentChannels } = options;
  const { convolution, normalised } = layersOf(key, options);
  const latents = tf.input({ name: 'latents', shape: [latentSize, latentSize, latentChannels] });
  let h = convolution('in', widths.at(-1)!).apply(latents) as tf.SymbolicTensor;
  h = convolution('low', widths.at(-1)!).apply(normalised('low_norm', h)) as tf.SymbolicTensor;
  for (let level = widths.length - 2; level >= 0; level--) {
    const doubled = new NearestUpsampling({ name: `double${level}` }).apply(normalised(`double${level}_norm`, h));
    h = convolution(`doubled${level}`, widths[level]!).apply(doubled) as tf.SymbolicTensor;
  }
  const pictures = convolution('pictures', channels).apply(normalised('pictures_norm', h)) as tf.SymbolicTensor;
  return tf.model({ name: 'decoder', inputs: latents, outputs: pictures });
}

function layersOf(key: RandomKey, { groups }: ResolvedAutoencoder) {
  const convolution = (name: string, filters: number, strides = 1) => {
    const kernelInitializer = initialiser(key.child(name), { kind: 'glorotUniform' });
    return new FusedConv2D({ name, filters, kernelSize: 3, strides, padding: 'same', kernelInitializer });
  };
  const normalised = (name: string, h: tf.SymbolicTensor) =>
    new GroupNormalization({ name, groups, activation: 'silu' }).apply(h) as tf.SymbolicTensor;
  return { convolution, normalised };
}
