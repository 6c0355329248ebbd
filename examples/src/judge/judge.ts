import { readFeatures } from '@lab/adversarial';
import type { tf } from '@lab/core';
import type { Rows, SampleSet } from '@lab/metrics';
import { type LabelledImages, toFloat } from '@lab/mnist-data';

/** Pictures with what a judge makes of them. */
export interface Judged extends SampleSet {
  readonly images: Rows;
}

/** Reads pictures `[N, 28, 28, 1]` in [0, 1]. */
export type Judge = (pictures: Rows) => Promise<Judged>;

/** Judges by the hidden layer and the probabilities of a classifier. */
export function classifierJudge(model: tf.LayersModel): Judge {
  return async (images) => ({ ...(await readFeatures(model, images)), images });
}

/** Pictures of a data set as a judge reads them: those at `indices`, or all. */
export function picturesOf(images: LabelledImages, indices: ArrayLike<number> | 'all' = 'all'): Rows {
  const count = indices === 'all' ? images.count : indices.length;
  return { data: toFloat(images, indices, 'unit'), shape: [count, images.rows, images.cols, 1] };
}
