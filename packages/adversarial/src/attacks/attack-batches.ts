import { tf } from '@lab/core';
import { type Pictures, requireLabels, requirePictures, slicePictures } from '../pictures.ts';
import { type Predict, requireLogits } from '../predict.ts';
import type { ResolvedAttackOptions } from './attack-options.ts';
import type { Attempt } from './attack-result.ts';
import type { Criterion } from './criterion.ts';
import { type Goal, type Sight, goalOf } from './goal.ts';

/** Pictures that are attacked together. */
export interface AttackBatch {
  /** `[B, height, width, channels]` */
  readonly images: tf.Tensor4D;
  readonly goal: Goal;
  /** Number of the first picture among all. */
  readonly from: number;
  /** Number after the last one's. */
  readonly to: number;
}

/** Attacks every batch in turn. The batch's tensors are disposed of afterwards. */
export async function attackBatches(
  predict: Predict,
  pictures: Pictures,
  criterion: Criterion,
  { bounds, batchSize }: ResolvedAttackOptions,
  attack: (batch: AttackBatch) => Promise<Attempt[]>,
): Promise<Attempt[]> {
  requirePictures(pictures, bounds);
  const count = pictures.shape[0]!;
  const classCount = countClasses(predict, pictures);
  const classes = requireLabels(criterion.classes, count, classCount);
  const attempts: Attempt[] = [];
  for (let from = 0; from < count; from += batchSize) {
    const to = Math.min(from + batchSize, count);
    const images = uploadPictures(slicePictures(pictures, from, to));
    const goal = goalOf(criterion.kind, classes.slice(from, to), classCount);
    try {
      attempts.push(...(await attack({ images, goal, from, to })));
    } finally {
      tf.dispose([images, goal.rows]);
    }
  }
  return attempts;
}

export function uploadPictures({ data, shape }: Pictures): tf.Tensor4D {
  return tf.tensor4d(data, shape as [number, number, number, number], 'float32');
}

/** `[B, 1, 1, 1]`, to be broadcast over pictures. */
export function uploadPerPicture(values: Float32Array): tf.Tensor4D {
  return tf.tensor4d(values, [values.length, 1, 1, 1]);
}

/** Attempts from the adversarial pictures of a batch, and what the classifier thought before and after each step. */
export function attemptsOf(adversarial: Float32Array, sights: readonly Sight[]): Attempt[] {
  const count = sights[0]!.lead.length;
  const size = adversarial.length / count;
  return Array.from({ length: count }, (_, i) => {
    const first = sights.findIndex(({ lead }) => lead[i]! > 0);
    return {
      adversarial: adversarial.slice(i * size, (i + 1) * size),
      success: sights.at(-1)!.lead[i]! > 0,
      stepsToSuccess: first === -1 ? undefined : first,
      confidence: Float32Array.from(sights, ({ confidence }) => confidence[i]!),
    };
  });
}

function countClasses(predict: Predict, pictures: Pictures): number {
  return tf.tidy(() => {
    const logits = predict(uploadPictures(slicePictures(pictures, 0, 1)));
    return requireLogits(logits, 1).shape[1];
  });
}
