import { ConfigError, tf } from '@lab/core';
import { type Gan, requireImages } from './gan.ts';
import type { Pictures } from './pictures.ts';

/** Real images with the class of each, for a conditional GAN. */
export interface LabelledImages {
  /** `[B, height, width, channels]`, in the range of G's output. */
  readonly images: tf.Tensor;
  /** B integers from 0 to `gan.classes - 1`. */
  readonly labels: ArrayLike<number>;
}

/** A batch on the host; `labels`, which a conditional GAN needs, are integers from 0 to `gan.classes - 1`. */
export interface LabelledPictures extends Pictures {
  readonly labels?: ArrayLike<number>;
}

/** What the players are shown of the data. */
export interface Minibatch {
  readonly images: tf.Tensor;
  /** One-hot labels `[B, classes]`; undefined for a GAN without classes. */
  readonly condition: tf.Tensor2D | undefined;
}

/** Labels as rows of zeros with a one, `[count, classes]`. @throws ConfigError naming the first label out of range. */
export function oneHotRows(labels: ArrayLike<number>, classes: number): tf.Tensor2D {
  const rows = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new ConfigError({ field: 'label', value: label, expected: `an integer from 0 to ${classes - 1}` });
    }
    rows[i * classes + label] = 1;
  }
  return tf.tensor2d(rows, [labels.length, classes]);
}

/**
 * The labels of `count` images in one-hot rows, for a GAN with classes.
 *
 * @throws ConfigError unless it has classes and there is a label for each image, or there are neither.
 */
export function conditionFor({ classes }: Gan, count: number, labels?: ArrayLike<number>): tf.Tensor2D | undefined {
  if (classes === undefined && labels === undefined) return undefined;
  if (classes === undefined) {
    throw new ConfigError({ field: 'labels', value: labels, expected: 'left out: this GAN is not conditional' });
  }
  if (labels?.length === count) return oneHotRows(labels, classes);
  const expected = `${count}, one an image: this GAN is conditional`;
  throw new ConfigError({ field: 'The number of labels', value: labels?.length, expected });
}

/** @throws ConfigError unless the images fit D, and their labels, which a GAN with classes needs, the classes. */
export function asMinibatch(gan: Gan, real: tf.Tensor | LabelledImages): Minibatch {
  const [given, labels] = real instanceof tf.Tensor ? [real, undefined] : [real.images, real.labels];
  requireImages(gan, given.shape);
  const images = given.dtype === 'float32' ? given : tf.cast(given, 'float32');
  if (gan.classes === undefined) return { images, condition: undefined };
  return { images, condition: conditionFor(gan, images.shape[0]!, labels) };
}

/** `parts` minibatches of equal size. @throws ConfigError if the images cannot be divided so. */
export function splitMinibatch({ images, condition }: Minibatch, parts: number): readonly Minibatch[] {
  if (parts === 1) return [{ images, condition }];
  const count = images.shape[0]!;
  if (count % parts !== 0) {
    const expected = `a multiple of the ${parts} steps that D makes on them`;
    throw new ConfigError({ field: 'The number of real images', value: count, expected });
  }
  const conditions = condition === undefined ? undefined : tf.split(condition, parts, 0);
  return tf.split(images, parts, 0).map((part, i) => ({ images: part, condition: conditions?.[i] as tf.Tensor2D }));
}
