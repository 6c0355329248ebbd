import { tf } from '@lab/core';
import type { Predict } from '../predict.ts';
import { requireLogits } from '../predict.ts';
import { type AttackBatch, attemptsOf } from './attack-batches.ts';
import type { Attempt } from './attack-result.ts';
import { type Goal, type Sight, gain, readSight } from './goal.ts';

/** Logits, and which way leads to more of what the attack wants. */
export interface Look {
  readonly logits: tf.Tensor2D;
  readonly gradient: tf.Tensor4D;
}

/** How an attack goes up. */
export interface Ascent {
  readonly steps: number;
  /** Where it starts from; not disposed of. */
  readonly start: tf.Tensor4D;
  /** Called within a tidy. */
  readonly look: (images: tf.Tensor4D) => Look;
  /** The next pictures from the present ones and the gradient. Called within a tidy. */
  readonly advance: (images: tf.Tensor4D, gradient: tf.Tensor4D) => tf.Tensor4D;
}

/** Takes the steps, and notes before each and after the last what the classifier thinks. */
export async function ascend(
  predict: Predict,
  { goal }: AttackBatch,
  { steps, start, look, advance }: Ascent,
): Promise<Attempt[]> {
  const sights: Sight[] = [];
  let images = tf.clone(start);
  try {
    for (let step = 0; step < steps; step++) {
      const [next, logits] = tf.tidy(() => {
        const seen = look(images);
        return [advance(images, seen.gradient), seen.logits] as const;
      }) as unknown as [tf.Tensor4D, tf.Tensor2D];
      images.dispose();
      images = next;
      sights.push(await readSight(logits, goal));
    }
    sights.push(
      await readSight(
        tf.tidy(() => requireLogits(predict(images), images.shape[0])),
        goal,
      ),
    );
    return attemptsOf((await images.data()) as Float32Array, sights);
  } finally {
    images.dispose();
  }
}

/** The gradient of the gain, by tfjs's tape, with the logits that it goes through. */
export function lookByTape(predict: Predict, goal: Goal): Ascent['look'] {
  return (images) => gradientThrough(predict, (logits) => gain(logits, goal), images);
}

/** The gradient of a function `[B]` of the logits with respect to the images, with the logits. */
export function gradientThrough(
  predict: Predict,
  objective: (logits: tf.Tensor2D) => tf.Tensor1D,
  images: tf.Tensor4D,
): Look {
  let kept: tf.Tensor2D | undefined;
  const gradient = tf.grad((x) => {
    const logits = requireLogits(predict(x as tf.Tensor4D), images.shape[0]);
    // The tape's scope would dispose of them.
    kept = tf.keep(tf.clone(logits));
    return objective(logits);
  })(images) as tf.Tensor4D;
  const logits = tf.clone(kept!);
  kept!.dispose();
  return { logits, gradient };
}
