import { ConfigError, type RandomKey, initialiser, requireBoolean, requireInteger, requireOneOf, tf } from '@lab/core';
import { MinibatchStdDev } from './minibatch-std-dev.ts';
import { SpectralConv2D } from './spectral-layers.ts';

/** What the bodies of a DCGAN can be told. */
export interface DcganBodyOptions {
  /**
   * Channels of G's last and of D's first hidden layer, at least 1; the layers further inside have twice as many.
   *
   * @default 64
   */
  readonly width?: number;
  /**
   * Height, width and channels of an image; height and width are multiples of 4.
   *
   * @default [28, 28, 1]
   */
  readonly imageShape?: readonly [number, number, number];
  /**
   * What keeps D in bounds: `batch` normalisation in all but the first layer, as the paper has it, `spectral`
   * normalisation of all layers, or `none`, as a gradient penalty wants it.
   *
   * @default 'batch'
   */
  readonly dNorm?: 'batch' | 'spectral' | 'none';
  /**
   * Whether D is told how varied its minibatch is (`MinibatchStdDev`); the batch must then be a multiple of 4.
   *
   * @default false
   */
  readonly minibatchStdDev?: boolean;
}

export const dcganBodyOptions = ['width', 'imageShape', 'dNorm', 'minibatchStdDev'] as const;

/** `DcganBodyOptions` with every default filled in. */
export interface DcganBody extends Required<DcganBodyOptions> {
  /** The first weights of a layer: N(0, 0.02^2). */
  readonly initialise: (key: RandomKey) => ReturnType<typeof initialiser>;
}

/** @throws ConfigError for an option out of its range. */
export function resolveDcganBody(options: DcganBodyOptions): DcganBody {
  const { width = 64, imageShape = [28, 28, 1], dNorm = 'batch', minibatchStdDev = false } = options;
  if (imageShape.length !== 3 || imageShape.some((size, i) => !(size >= 1) || (i < 2 && size % 4 !== 0))) {
    const expected = '[height, width, channels], height and width multiples of 4';
    throw new ConfigError({ field: 'imageShape', value: imageShape, expected });
  }
  return {
    width: requireInteger('width', width, { min: 1 }),
    imageShape,
    dNorm: requireOneOf('dNorm', dNorm, ['batch', 'spectral', 'none']),
    minibatchStdDev: requireBoolean('minibatchStdDev', minibatchStdDev),
    initialise: (key) => initialiser(key, { kind: 'normal', std: 0.02 }),
  };
}

/** G's body: from a code `[B, n]` to images in [0, 1], `[B, height, width, channels]`. */
export function dcganPainter(key: RandomKey, code: tf.SymbolicTensor, body: DcganBody): tf.SymbolicTensor {
  const { width, imageShape, initialise } = body;
  const [rows, columns, channels] = imageShape;
  const small = [rows / 4, columns / 4, 2 * width];
  const units = small.reduce((product, size) => product * size, 1);
  const enlarge = (name: string, filters: number, extra: { activation?: 'sigmoid'; useBias: boolean }) =>
    tf.layers.conv2dTranspose({
      name,
      filters,
      kernelSize: 4,
      strides: 2,
      padding: 'same',
      kernelInitializer: initialise(key.child(name)),
      ...extra,
    });
  const layers = [
    tf.layers.dense({
      name: 'generator_project',
      units,
      useBias: false,
      kernelInitializer: initialise(key.child('generator_project')),
    }),
    tf.layers.reshape({ name: 'generator_small', targetShape: small }),
    tf.layers.batchNormalization({ name: 'generator_norm1' }),
    tf.layers.reLU({ name: 'generator_relu1' }),
    enlarge('generator_enlarge1', width, { useBias: false }),
    tf.layers.batchNormalization({ name: 'generator_norm2' }),
    tf.layers.reLU({ name: 'generator_relu2' }),
    enlarge('generator_enlarge2', channels, { activation: 'sigmoid', useBias: true }),
  ];
  return through(layers, code);
}

/** D's body: from images to features `[B, height / 4 * width / 4 * 2 body.width]`, a row of numbers each. */
export function dcganFeatures(key: RandomKey, images: tf.SymbolicTensor, body: DcganBody): tf.SymbolicTensor {
  const { width, dNorm, minibatchStdDev, initialise } = body;
  const halve = (name: string, filters: number) => {
    const args = { name, filters, kernelSize: 4, strides: 2, kernelInitializer: initialise(key.child(name)) };
    return dNorm === 'spectral' ? new SpectralConv2D(args) : tf.layers.conv2d({ ...args, padding: 'same' });
  };
  const layers = [
    halve('discriminator_halve1', width),
    tf.layers.leakyReLU({ name: 'discriminator_leaky1', alpha: 0.2 }),
    halve('discriminator_halve2', 2 * width),
    ...(dNorm === 'batch' ? [tf.layers.batchNormalization({ name: 'discriminator_norm2' })] : []),
    tf.layers.leakyReLU({ name: 'discriminator_leaky2', alpha: 0.2 }),
    ...(minibatchStdDev ? [new MinibatchStdDev({ name: 'discriminator_spread' })] : []),
    tf.layers.flatten({ name: 'discriminator_features' }),
  ];
  return through(layers, images);
}

function through(layers: readonly tf.layers.Layer[], start: tf.SymbolicTensor): tf.SymbolicTensor {
  return layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, start);
}
