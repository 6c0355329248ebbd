import { type RandomKey, rejectUnknownOptions, requireBoolean, requireInteger, tf } from '@lab/core';
import { type Pictures, takePictures } from '../pictures.ts';
import type { Predict } from '../predict.ts';
import { attackBatches } from './attack-batches.ts';
import { type IterativeOptions, iterativeOptionNames, resolveFixedOptions } from './attack-options.ts';
import { type AttackResult, type Attempt, resultOf } from './attack-result.ts';
import type { Criterion } from './criterion.ts';
import { drawInBall } from './norms.ts';
import { type Ball, projectedSteps, resolveSteps, stayInside } from './projected-steps.ts';

/** Options of `pgd`. */
export interface PgdOptions extends IterativeOptions {
  /** Decides the starts: restart r of picture i draws from `key.child(r).child(i)`. */
  readonly key: RandomKey;
  /**
   * Starts, at least 1. A later one is spent only on pictures that withstood those before.
   *
   * @default 1
   */
  readonly restarts?: number;
  /**
   * Whether to start at random points of the ball; if not, at the picture itself, and then once.
   *
   * @default true
   */
  readonly randomStart?: boolean;
}

/**
 * Projected gradient descent: BIM from a random point of the ball, and again from others for the pictures that
 * withstand. The usual yardstick of robustness. Fixed-epsilon.
 *
 * Madry et al. 2018, "Towards Deep Learning Models Resistant to Adversarial Attacks", section 2.1.
 *
 * @param images Within the bounds.
 * @throws ConfigError for bad pictures, classes or options.
 */
export async function pgd(
  predict: Predict,
  images: Pictures,
  criterion: Criterion,
  options: PgdOptions,
): Promise<AttackResult> {
  rejectUnknownOptions('pgd', options, [...iterativeOptionNames, 'key', 'restarts', 'randomStart']);
  const resolved = resolveFixedOptions(options, images);
  const { steps, stepSize } = resolveSteps(options, resolved, { steps: 40, reach: 2.5 });
  const isRandom = requireBoolean('randomStart', options.randomStart ?? true);
  const restarts = requireInteger('restarts', options.restarts ?? 1, isRandom ? { min: 1 } : { min: 1, max: 1 });
  const best: Attempt[] = [];
  let left = Array.from({ length: images.shape[0]! }, (_, i) => i);
  for (let restart = 0; restart < restarts && left.length > 0; restart++) {
    const pick = (values: Float32Array) => Float32Array.from(left, (i) => values[i]!);
    const chosen = { ...resolved, epsilon: pick(resolved.epsilon) };
    const classes = Int32Array.from(left, (i) => criterion.classes[i]!);
    const attempts = await attackBatches(
      predict,
      restart === 0 ? images : takePictures(images, left),
      restart === 0 ? criterion : { ...criterion, classes },
      resolved,
      (batch) =>
        projectedSteps(predict, batch, { steps, stepSize: pick(stepSize) }, chosen, (ball) =>
          isRandom
            ? randomStart(ball, options.key.child(restart), left.slice(batch.from, batch.to))
            : tf.clone(ball.center),
        ),
    );
    attempts.forEach((attempt, k) => {
      if (restart === 0 || attempt.success) best[left[k]!] = attempt;
    });
    left = left.filter((_, k) => !attempts[k]!.success);
  }
  return resultOf('fixedEpsilon', images, best);
}

/** Every picture's start follows from its own number, so that it doesn't depend on what it is attacked together with. */
function randomStart(ball: Ball, key: RandomKey, pictures: readonly number[]): tf.Tensor4D {
  const size = ball.center.size / pictures.length;
  const drawn = new Float32Array(ball.center.size);
  pictures.forEach((picture, k) => drawn.set(drawInBall(key.child(picture), size, ball.norm), k * size));
  const perturbation = tf.mul(tf.tensor4d(drawn, ball.center.shape), ball.epsilon);
  return stayInside(tf.add(ball.center, perturbation), ball);
}
