import { type Optimizer, rejectUnknownOptions, requireInteger, sgd } from '@lab/core';

/** Options of `goodfellowOptimizers`. */
export interface GoodfellowOptimizersOptions {
  /**
   * Train steps that make an epoch: the momentum rises by epoch. At least 1.
   *
   * @default 500, which is 50,000 pictures in batches of 100
   */
  readonly stepsPerEpoch?: number;
}

/**
 * The optimisers of the first GAN's MNIST run: gradient descent with `goodfellowLearningRate` and `goodfellowMomentum`.
 * D's rate is half of G's, since his code trains D on *half* the sum of its two cross-entropies, and the losses of this
 * package are the whole sum, as the paper has it.
 *
 * @throws ConfigError if `stepsPerEpoch` is not an integer of at least 1.
 */
export function goodfellowOptimizers(options: GoodfellowOptimizersOptions = {}): {
  dOptimizer: Optimizer;
  gOptimizer: Optimizer;
} {
  rejectUnknownOptions('goodfellowOptimizers', options, ['stepsPerEpoch']);
  const stepsPerEpoch = requireInteger('stepsPerEpoch', options.stepsPerEpoch ?? 500, { min: 1 });
  const momentum = (step: number) => goodfellowMomentum(Math.floor((step - 1) / stepsPerEpoch));
  return {
    dOptimizer: sgd({ learningRate: (step) => goodfellowLearningRate(step) / 2, momentum }),
    gOptimizer: sgd({ learningRate: goodfellowLearningRate, momentum }),
  };
}

/** .1 at step 1, divided by 1.000004 after every step, never below 1e-6. `step` counts from 1. */
export function goodfellowLearningRate(step: number): number {
  return Math.max(0.1 * 1.000004 ** (1 - step), 1e-6);
}

/** .5 in epochs 0 and 1, from there in a straight line to .7 at epoch 250, and .7 ever after. `epoch` counts from 0. */
export function goodfellowMomentum(epoch: number): number {
  const risen = Math.min(Math.max((epoch - 1) / (250 - 1), 0), 1);
  return 0.5 + (0.7 - 0.5) * risen;
}
