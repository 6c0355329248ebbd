import { requireInteger, requireNumber, tf } from '@lab/core';
import type { Bounds } from '../pictures.ts';
import type { Predict } from '../predict.ts';
import { type Ascent, ascend, lookByTape } from './ascend.ts';
import { type AttackBatch, uploadPerPicture } from './attack-batches.ts';
import type { IterativeOptions, ResolvedFixedOptions } from './attack-options.ts';
import type { Attempt } from './attack-result.ts';
import { type Norm, projectOntoBall, steepest } from './norms.ts';

export interface StepOptions {
  readonly steps: number;
  /** One a picture. */
  readonly stepSize: Float32Array;
}

/** Where a perturbed picture may be. */
export interface Ball {
  readonly center: tf.Tensor4D;
  /** `[B, 1, 1, 1]` */
  readonly epsilon: tf.Tensor4D;
  readonly norm: Norm;
  readonly bounds: Bounds;
}

/** @param reach What all steps together come to, in units of epsilon, unless `stepSize` is given. */
export function resolveSteps(
  { steps, stepSize }: IterativeOptions,
  { epsilon }: ResolvedFixedOptions,
  defaults: { readonly steps: number; readonly reach: number },
): StepOptions {
  const count = requireInteger('steps', steps ?? defaults.steps, { min: 1 });
  if (stepSize !== undefined) requireNumber('stepSize', stepSize, { above: 0 });
  return { steps: count, stepSize: epsilon.map((one) => stepSize ?? (defaults.reach * one) / count) };
}

/** The nearest pictures in the ball and within the bounds. Moving into the bounds never leaves the ball. */
export function stayInside(images: tf.Tensor4D, { center, epsilon, norm, bounds }: Ball): tf.Tensor4D {
  const perturbation = projectOntoBall(tf.sub(images, center), epsilon, norm);
  return tf.clipByValue(tf.add(center, perturbation), ...bounds) as tf.Tensor4D;
}

/** Projected gradient ascent: x <- project(x + stepSize * steepest(gradient)). `direction` may replace the gradient. */
export async function projectedSteps(
  predict: Predict,
  batch: AttackBatch,
  { steps, stepSize }: StepOptions,
  { epsilon, norm, bounds }: ResolvedFixedOptions,
  start: (ball: Ball) => tf.Tensor4D,
  direction: (gradient: tf.Tensor4D) => tf.Tensor4D = (gradient) => gradient,
): Promise<Attempt[]> {
  const { from, to, images, goal } = batch;
  const [radius, rate] = [epsilon, stepSize].map((values) => uploadPerPicture(values.slice(from, to)));
  const ball = { center: images, epsilon: radius!, norm, bounds };
  const first = tf.tidy(() => start(ball));
  const advance: Ascent['advance'] = (x, gradient) =>
    stayInside(tf.add(x, tf.mul(rate!, steepest(direction(gradient), norm))), ball);
  try {
    return await ascend(predict, batch, { steps, start: first, look: lookByTape(predict, goal), advance });
  } finally {
    tf.dispose([radius!, rate!, first]);
  }
}
