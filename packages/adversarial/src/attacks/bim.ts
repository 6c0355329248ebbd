import { rejectUnknownOptions, tf } from '@lab/core';
import type { Pictures } from '../pictures.ts';
import type { Predict } from '../predict.ts';
import { attackBatches } from './attack-batches.ts';
import { type IterativeOptions, iterativeOptionNames, resolveFixedOptions } from './attack-options.ts';
import { type AttackResult, resultOf } from './attack-result.ts';
import type { Criterion } from './criterion.ts';
import { projectedSteps, resolveSteps } from './projected-steps.ts';

/**
 * The basic iterative method: FGSM in small steps, projected after each onto the ball of radius epsilon and the
 * bounds. Fixed-epsilon.
 *
 * Kurakin, Goodfellow & Bengio 2017, "Adversarial Machine Learning at Scale", section 2.
 *
 * @param images Within the bounds.
 * @throws ConfigError for bad pictures, classes or options.
 */
export async function bim(
  predict: Predict,
  images: Pictures,
  criterion: Criterion,
  options: IterativeOptions,
): Promise<AttackResult> {
  rejectUnknownOptions('bim', options, iterativeOptionNames);
  const resolved = resolveFixedOptions(options, images);
  const steps = resolveSteps(options, resolved, { steps: 10, reach: 2.5 });
  const attempts = await attackBatches(predict, images, criterion, resolved, (batch) =>
    projectedSteps(predict, batch, steps, resolved, () => tf.clone(batch.images)),
  );
  return resultOf('fixedEpsilon', images, attempts);
}
