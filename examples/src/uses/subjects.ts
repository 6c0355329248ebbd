import { tf } from '@lab/core';
import { type LabelledImages, subset, toFloat } from '@lab/mnist-data';
import type { Images } from '@lab/viz';

/** Real pictures that something is done to. */
export interface Subjects {
  readonly labels: readonly number[];
  /** `[N, 28, 28, 1]` in [0, 1]. */
  readonly images: Images;
}

/** The first so many pictures of each digit, digit by digit. */
export function firstOfEach(images: LabelledImages, count: number): Subjects {
  const indices = Array.from({ length: 10 }, (_, digit) => digit).flatMap((digit) => {
    const all = Array.from({ length: images.count }, (_, i) => i);
    return all.filter((i) => images.labels[i] === digit).slice(0, count);
  });
  const chosen = subset(images, indices);
  const shape = [indices.length, images.rows, images.cols, 1];
  return { labels: Array.from(chosen.labels), images: { data: toFloat(chosen, 'all', 'unit'), shape } };
}

/** On the backend and in [-1, 1], as models of digits have them; the caller disposes of it. */
export function toSigned({ data, shape }: Images): tf.Tensor4D {
  const signed = Float32Array.from(data, (value) => 2 * value - 1);
  return tf.tensor4d(signed, [...shape] as [number, number, number, number]);
}
