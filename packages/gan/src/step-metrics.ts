import { DivergenceError, tf } from '@lab/core';
import type { GanLoss } from './losses.ts';
import { type Move, discriminatorLoss, generatorLoss } from './play.ts';

/** What one train step can tell. All of it is of the moment before the weights that it concerns changed. */
export interface StepMetrics {
  /**
   * D's loss with all that was added to it in this step; nats, for a loss on logits or probabilities. A penalty with an
   * `every` is added in D's steps 1, 1 + every and so on, so that other steps have neither its value nor its gradient.
   */
  readonly dLoss: number;
  /** G's loss against the D that had just moved; nats, too. */
  readonly gLoss: number;
  /** Mean D(x) over the real images, 0 to 1; of a loss on scores the mean score. */
  readonly dReal: number;
  /** Mean D(G(z)) over the fake images that D was trained on, 0 to 1; of a loss on scores the mean score. */
  readonly dFake: number;
  /** Euclidean norm of D's gradient over all of its weights. */
  readonly dGradNorm: number;
  /** Euclidean norm of G's gradient over all of its weights. */
  readonly gGradNorm: number;
}

const names = ['dLoss', 'gLoss', 'dReal', 'dFake', 'dGradNorm', 'gGradNorm'] as const satisfies (keyof StepMetrics)[];

/** The metrics as one tensor, `[6]`, so that reading them waits for the backend once. */
export function measure(loss: GanLoss, dMove: Move, gMove: Move): tf.Tensor1D {
  const judged = loss.on === 'scores' ? dMove.logits : tf.sigmoid(dMove.logits);
  const [real, fake] = tf.split(judged, 2, 0) as [tf.Tensor, tf.Tensor];
  return tf.stack([
    dMove.value ?? discriminatorLoss(loss, dMove.logits),
    gMove.value ?? generatorLoss(loss, gMove.logits),
    tf.mean(real),
    tf.mean(fake),
    gradientNorm(dMove.gradients),
    gradientNorm(gMove.gradients),
  ]) as tf.Tensor1D;
}

/** The numbers that `measure` put in line. */
export function namedMetrics(values: ArrayLike<number>): StepMetrics {
  return Object.fromEntries(names.map((name, i) => [name, values[i]!])) as unknown as StepMetrics;
}

/** @throws DivergenceError that names step and quantity if any of the metrics is NaN or infinite; the losses are looked at first. */
export function requireFinite(metrics: StepMetrics, step: number, loss: GanLoss): void {
  for (const name of names) {
    const value = metrics[name];
    if (Number.isFinite(value)) continue;
    const remedy =
      loss.on === 'probabilities'
        ? 'A loss on probabilities takes log 0 once one of them rounds to 0 or 1: use the same loss on logits.'
        : 'Lower the learning rate.';
    throw new DivergenceError({ step, quantity: `${name} of the loss '${loss.name}'`, value, remedy });
  }
}

function gradientNorm(gradients: tf.NamedTensorMap): tf.Scalar {
  return tf.sqrt(tf.addN(Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient))))) as tf.Scalar;
}
