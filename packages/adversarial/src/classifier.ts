import {
  ConfigError,
  type RandomKey,
  initialiser,
  rejectUnknownOptions,
  requireInteger,
  requireOneOf,
  tf,
} from '@lab/core';
import { FusedConv2D } from '@lab/core/layers';

/** Options of `classifier`. */
export interface ClassifierOptions {
  /** Decides the first weights. */
  readonly key: RandomKey;
  /**
   * Filters of the convolutions; after each inner list comes a max-pooling, if there is any.
   *
   * @default [[32, 64]]
   */
  readonly blocks?: readonly (readonly number[])[];
  /**
   * Height and width of the convolutions' window, at least 1.
   *
   * @default 3
   */
  readonly kernelSize?: number;
  /**
   * Pixels that the window moves on by, at least 1.
   *
   * @default 1
   */
  readonly strides?: number;
  /**
   * Whether convolutions stay inside the picture, or see zeros around it.
   *
   * @default 'valid'
   */
  readonly padding?: 'valid' | 'same';
  /**
   * Height, width and stride of the max-pooling; 1 for none.
   *
   * @default 2
   */
  readonly pool?: number;
  /**
   * Units of the dense hidden layers; the last one is what `features` reads.
   *
   * @default [128]
   */
  readonly hidden?: readonly number[];
  /**
   * Height, width and channels of a picture.
   *
   * @default [28, 28, 1]
   */
  readonly imageShape?: readonly [number, number, number];
  /**
   * At least 2.
   *
   * @default 10
   */
  readonly classes?: number;
}

/**
 * A convolutional classifier: convolutions with ReLU, max-poolings, dense layers with ReLU, and logits `[B, classes]`.
 * By default conv 3x3x32, conv 3x3x64, pool 2, dense 128, dense 10. Weights start as He et al. 2015 have them, biases at 0.
 * Pictures are `[B, height, width, channels]` in [0, 1].
 *
 * @throws ConfigError for an option out of its range, or a picture that is too small for so many layers.
 */
export function classifier(options: ClassifierOptions): tf.LayersModel {
  const { key, blocks, kernelSize, strides, padding, pool, hidden, imageShape, classes } = resolveOptions(options);
  const kernelInitializer = (name: string) => initialiser(key.child(name), { kind: 'heNormal' });
  const layers: tf.layers.Layer[] = [tf.layers.inputLayer({ inputShape: imageShape, name: 'pictures' })];
  blocks.forEach((filtersOfBlock, block) => {
    filtersOfBlock.forEach((filters, i) => {
      const name = `conv${block + 1}_${i + 1}`;
      const window = { kernelSize, strides, padding, activation: 'relu' as const };
      layers.push(new FusedConv2D({ name, filters, ...window, kernelInitializer: kernelInitializer(name) }));
    });
    if (pool > 1) layers.push(tf.layers.maxPooling2d({ name: `pool${block + 1}`, poolSize: pool, strides: pool }));
  });
  layers.push(tf.layers.flatten({ name: 'rows' }));
  hidden.forEach((units, i) => {
    const name = `hidden${i + 1}`;
    layers.push(tf.layers.dense({ name, units, activation: 'relu', kernelInitializer: kernelInitializer(name) }));
  });
  layers.push(tf.layers.dense({ name: 'logits', units: classes, kernelInitializer: kernelInitializer('logits') }));
  return tf.sequential({ name: 'classifier', layers });
}

/** The weights that training changes, in the model's order. */
export function trainableVariables(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

/** How many classes a model tells apart. */
export function classCount(model: tf.LayersModel): number {
  return model.outputs[0]!.shape.at(-1)!;
}

/** @throws ConfigError unless `shape` is a batch of pictures of the size that the model takes. */
export function requireModelPictures(model: tf.LayersModel, shape: readonly number[]): void {
  const expected = model.inputs[0]!.shape.slice(1) as number[];
  if (shape.length === 4 && shape[0]! > 0 && expected.every((size, i) => shape[i + 1] === size)) return;
  throw new ConfigError({ field: "The pictures' shape", value: [...shape], expected: `[B, ${expected.join(', ')}]` });
}

type Resolved = Required<ClassifierOptions>;

const optionNames: readonly (keyof ClassifierOptions)[] = [
  ...(['key', 'blocks', 'kernelSize', 'strides', 'padding', 'pool', 'hidden', 'imageShape', 'classes'] as const),
];

function resolveOptions(options: ClassifierOptions): Omit<Resolved, 'imageShape'> & { imageShape: number[] } {
  rejectUnknownOptions('classifier', options, optionNames);
  const { blocks = [[32, 64]], hidden = [128], imageShape = [28, 28, 1] } = options;
  const size = (field: string, value: number) => requireInteger(field, value, { min: 1 });
  if (imageShape.length !== 3) {
    throw new ConfigError({ field: 'imageShape', value: imageShape, expected: '[height, width, channels]' });
  }
  const resolved = {
    key: options.key,
    blocks: blocks.map((filters) => filters.map((count) => size('A number of filters', count))),
    kernelSize: size('kernelSize', options.kernelSize ?? 3),
    strides: size('strides', options.strides ?? 1),
    padding: requireOneOf('padding', options.padding ?? 'valid', ['valid', 'same']),
    pool: size('pool', options.pool ?? 2),
    hidden: hidden.map((units) => size('hidden', units)),
    imageShape: imageShape.map((length) => size('imageShape', length)),
    classes: requireInteger('classes', options.classes ?? 10, { min: 2 }),
  };
  for (const axis of [0, 1]) requireRoom(resolved, resolved.imageShape[axis]!);
  return resolved;
}

/** tfjs would build layers of negative size. */
function requireRoom({ blocks, kernelSize, strides, padding, pool }: Omit<Resolved, 'imageShape'>, start: number) {
  const shrunk = (length: number) => Math.ceil((padding === 'same' ? length : length - kernelSize + 1) / strides);
  const left = blocks.reduce((length, filters) => Math.floor(filters.reduce(shrunk, length) / pool), start);
  if (left >= 1) return;
  const expected = 'large enough for the convolutions and poolings: use fewer, or padding of zeros';
  throw new ConfigError({ field: 'imageShape', value: start, expected });
}
