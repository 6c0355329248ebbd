import { rejectUnknownOptions, requireInteger, requireNumber, tf } from '@lab/core';
import type { Bounds, Pictures } from '../pictures.ts';
import type { Predict } from '../predict.ts';
import { requireLogits } from '../predict.ts';
import { gradientThrough } from './ascend.ts';
import { type AttackBatch, attackBatches, attemptsOf } from './attack-batches.ts';
import { type AttackOptions, attackOptionNames, resolveAttackOptions } from './attack-options.ts';
import { type AttackResult, type Attempt, resultOf } from './attack-result.ts';
import type { Criterion } from './criterion.ts';
import { type Goal, type Sight, lead, readSight } from './goal.ts';
import { lengths, steepest } from './norms.ts';

/** Options of `deepfool`. */
export interface DeepfoolOptions extends AttackOptions {
  /**
   * The most steps, at least 1.
   *
   * @default 50
   */
  readonly steps?: number;
  /**
   * How far past the boundary the whole perturbation is taken, as a share of it, at least 0.
   *
   * @default 0.02
   */
  readonly overshoot?: number;
}

/** The step to the boundary of two classes, were the classifier linear, and its length. */
interface Crossing {
  readonly step: tf.Tensor4D;
  /** `[B, 1, 1, 1]` */
  readonly length: tf.Tensor4D;
}

/** So that a step goes past the boundary, not onto it: as in the authors' code. */
const beyond = 1e-4;

/**
 * Steps to the nearest boundary as the linear approximation has it, until the criterion is met. Minimal, in L2. With a
 * target the boundary is that between it and the class that is ahead of all others.
 *
 * Moosavi-Dezfooli, Fawzi & Frossard 2016, "DeepFool: a simple and accurate method to fool deep neural networks",
 * Algorithm 2; within the bounds, which the paper leaves open.
 *
 * @param images Within the bounds.
 * @throws ConfigError for bad pictures, classes or options.
 */
export async function deepfool(
  predict: Predict,
  images: Pictures,
  criterion: Criterion,
  options: DeepfoolOptions = {},
): Promise<AttackResult> {
  rejectUnknownOptions('deepfool', options, [...attackOptionNames, 'steps', 'overshoot']);
  const common = resolveAttackOptions(options);
  const steps = requireInteger('steps', options.steps ?? 50, { min: 1 });
  const overshoot = requireNumber('overshoot', options.overshoot ?? 0.02, { min: 0 });
  const attempts = await attackBatches(predict, images, criterion, common, (batch) =>
    attackBatch(predict, batch, common.bounds, steps, overshoot),
  );
  return resultOf('minimal', images, attempts);
}

async function attackBatch(
  predict: Predict,
  { images, goal }: AttackBatch,
  bounds: Bounds,
  steps: number,
  overshoot: number,
): Promise<Attempt[]> {
  // r in the paper: the sum of the steps, without the overshoot.
  const sum = tf.tidy(() => tf.variable(tf.zerosLike(images)));
  const present = () => tf.clipByValue(tf.add(images, tf.mul(sum, 1 + overshoot)), ...bounds) as tf.Tensor4D;
  const see = () =>
    readSight(
      tf.tidy(() => requireLogits(predict(present()), images.shape[0])),
      goal,
    );
  try {
    const sights = [await see()];
    for (let step = 0; step < steps && sights.at(-1)!.lead.some((ahead) => !(ahead > 0)); step++) {
      tf.tidy(() => {
        const isLeft = tf.tensor4d(
          sights.at(-1)!.lead.map((ahead) => (ahead > 0 ? 0 : 1)),
          [images.shape[0], 1, 1, 1],
        );
        sum.assign(tf.add(sum, tf.mul(isLeft, nearestCrossing(predict, present(), goal))));
      });
      sights.push(await see());
    }
    const adversarial = tf.tidy(present);
    const values = (await adversarial.data()) as Float32Array;
    const attempts = untilSuccess(values, sights);
    adversarial.dispose();
    return attempts;
  } finally {
    sum.dispose();
  }
}

/** The shortest of the steps over the boundaries that count. */
function nearestCrossing(predict: Predict, images: tf.Tensor4D, goal: Goal): tf.Tensor4D {
  if (goal.kind === 'targeted') return crossing(predict, images, (logits) => lead(logits, goal)).step;
  const classes = goal.rows.shape[1];
  const crossings = Array.from({ length: classes }, (_, k) => {
    const other = tf.cast(tf.oneHot(tf.fill([images.shape[0]], k, 'int32'), classes), 'float32');
    const direction = tf.sub(other, goal.rows);
    return crossing(predict, images, (logits) => tf.sum(tf.mul(logits, direction), 1));
  });
  return crossings.reduce((nearest, other) => {
    const isNearer = tf.less(other.length, nearest.length);
    return {
      step: tf.where(isNearer, other.step, nearest.step),
      length: tf.minimum(other.length, nearest.length),
    };
  }).step;
}

/** The step to where `gap`, `[B]` of the logits and below zero now, would be zero. */
function crossing(predict: Predict, images: tf.Tensor4D, gap: (logits: tf.Tensor2D) => tf.Tensor1D): Crossing {
  const { logits, gradient } = gradientThrough(predict, gap, images);
  const slope = lengths(gradient);
  const distance = tf.div(tf.abs(tf.reshape(gap(logits), slope.shape)), slope);
  // A gap that nothing changes, such as the one between a class and itself, is nowhere crossed.
  const isCrossed = tf.greater(slope, 0);
  const length = tf.where(isCrossed, tf.add(distance, beyond), tf.fill(slope.shape, Infinity)) as tf.Tensor4D;
  const taken = tf.where(isCrossed, length, tf.zerosLike(length));
  return { step: tf.mul(taken, steepest(gradient, 'l2')), length };
}

/** Each picture's trace ends with its success. */
function untilSuccess(adversarial: Float32Array, sights: readonly Sight[]): Attempt[] {
  return attemptsOf(adversarial, sights).map((attempt) => ({
    ...attempt,
    confidence: attempt.confidence.slice(0, (attempt.stepsToSuccess ?? sights.length) + 1),
  }));
}
