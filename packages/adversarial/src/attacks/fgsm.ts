import { rejectUnknownOptions, tf } from '@lab/core';
import type { Pictures } from '../pictures.ts';
import type { Predict } from '../predict.ts';
import { ascend, lookByTape } from './ascend.ts';
import { attackBatches, uploadPerPicture } from './attack-batches.ts';
import { type FixedEpsilonOptions, fixedOptionNames, resolveFixedOptions } from './attack-options.ts';
import { type AttackResult, resultOf } from './attack-result.ts';
import type { Criterion } from './criterion.ts';
import { steepest } from './norms.ts';

/**
 * One step of the whole budget along the gradient of the cross-entropy: x + epsilon sign(gradient) for `lInf`, and of
 * length epsilon for `l2`; up for a label, down for a target. Fixed-epsilon.
 *
 * Goodfellow, Shlens & Szegedy 2015, "Explaining and Harnessing Adversarial Examples", section 4; with a target Kurakin,
 * Goodfellow & Bengio 2017, section 2. A targeted step seldom hits: the linear guess overshoots. Prefer `bim`.
 *
 * @param images Within the bounds.
 * @throws ConfigError for bad pictures, classes or options.
 */
export async function fgsm(
  predict: Predict,
  images: Pictures,
  criterion: Criterion,
  options: FixedEpsilonOptions,
): Promise<AttackResult> {
  rejectUnknownOptions('fgsm', options, fixedOptionNames);
  const { norm, epsilon, ...common } = resolveFixedOptions(options, images);
  const attempts = await attackBatches(predict, images, criterion, common, async (batch) => {
    const budget = uploadPerPicture(epsilon.slice(batch.from, batch.to));
    const advance = (x: tf.Tensor4D, gradient: tf.Tensor4D) =>
      tf.clipByValue(tf.add(x, tf.mul(budget, steepest(gradient, norm))), ...common.bounds) as tf.Tensor4D;
    try {
      return await ascend(predict, batch, {
        steps: 1,
        start: batch.images,
        look: lookByTape(predict, batch.goal),
        advance,
      });
    } finally {
      budget.dispose();
    }
  });
  return resultOf('fixedEpsilon', images, attempts);
}
