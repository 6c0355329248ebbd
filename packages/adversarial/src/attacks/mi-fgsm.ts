import { rejectUnknownOptions, requireNumber, tf } from '@lab/core';
import type { Pictures } from '../pictures.ts';
import type { Predict } from '../predict.ts';
import { attackBatches } from './attack-batches.ts';
import { type IterativeOptions, iterativeOptionNames, resolveFixedOptions } from './attack-options.ts';
import { type AttackResult, resultOf } from './attack-result.ts';
import type { Criterion } from './criterion.ts';
import { projectedSteps, resolveSteps } from './projected-steps.ts';

/** Options of `miFgsm`. */
export interface MiFgsmOptions extends IterativeOptions {
  /**
   * What is kept of the sum of past gradients, at least 0.
   *
   * @default 1
   */
  readonly decay?: number;
}

/**
 * BIM along the sum of all gradients so far, each at L1 norm 1. It climbs less straight, but its pictures fool other
 * classifiers more often. Fixed-epsilon.
 *
 * Dong et al. 2018, "Boosting Adversarial Attacks with Momentum", Algorithm 1.
 *
 * @param images Within the bounds.
 * @throws ConfigError for bad pictures, classes or options.
 */
export async function miFgsm(
  predict: Predict,
  images: Pictures,
  criterion: Criterion,
  options: MiFgsmOptions,
): Promise<AttackResult> {
  rejectUnknownOptions('miFgsm', options, [...iterativeOptionNames, 'decay']);
  const resolved = resolveFixedOptions(options, images);
  const steps = resolveSteps(options, resolved, { steps: 10, reach: 1 });
  const decay = requireNumber('decay', options.decay ?? 1, { min: 0 });
  const attempts = await attackBatches(predict, images, criterion, resolved, async (batch) => {
    const sum = tf.tidy(() => tf.variable(tf.zerosLike(batch.images)));
    const momentum = (gradient: tf.Tensor4D) => {
      const l1 = tf.maximum(tf.sum(tf.abs(gradient), [1, 2, 3], true), 1e-30);
      sum.assign(tf.add(tf.mul(sum, decay), tf.div(gradient, l1)));
      return sum;
    };
    try {
      return await projectedSteps(predict, batch, steps, resolved, () => tf.clone(batch.images), momentum);
    } finally {
      sum.dispose();
    }
  });
  return resultOf('fixedEpsilon', images, attempts);
}
