import { DivergenceError, type Ema, type Pace, type PaceOptions, type RandomKey, paceSteps, tf } from '@lab/core';
import { type DiffusionModel, requirePictures, trainableVariables } from '../diffusion-model.ts';
import type { Pictures } from '../pictures.ts';
import { makeStep, type StepMetrics, type TrainStepOptions } from './train-step.ts';

/** Options of `trainDiffusion`. */
export interface TrainDiffusionOptions extends Omit<TrainStepOptions, 'metrics'>, PaceOptions {
  /** Decides levels, noise and withheld classes; step s uses `key.child(s)`, whatever came before it. */
  readonly key: RandomKey;
  /**
   * Averages of the weights, updated after every step; made of `trainableVariables(model)`.
   *
   * @default none
   */
  readonly ema?: Ema | undefined;
}

/** Where the training stands, and what its last step was like. */
export interface TrainProgress extends Pace, StepMetrics {}

/** Pictures on the host, with their classes if the network is told any. */
export interface TrainingBatch extends Pictures {
  /** `[N]`, integers from 0. */
  readonly labels?: ArrayLike<number> | undefined;
}

/**
 * Trains for as long as the caller asks for more: `for await (const progress of trainDiffusion(...))`. Leave the loop, or
 * abort the signal, to stop. It yields at multiples of `metricsEvery`, and after step `steps`. What it has yielded was
 * finite: a checkpoint saved on a yield is a good one.
 *
 * @param batches Pictures `[B, H, W, C]` in the range that samples shall have, usually [-1, 1], with labels; one batch a step.
 * @throws DivergenceError once the loss is NaN or infinite; it is noticed at the first reading from there on.
 * @throws ConfigError for an option out of its range, pictures of another shape, or a label that is no class.
 */
export async function* trainDiffusion(
  model: DiffusionModel,
  batches: Iterable<TrainingBatch> | AsyncIterable<TrainingBatch>,
  options: TrainDiffusionOptions,
): AsyncGenerator<TrainProgress, void, undefined> {
  const takeStep = (batch: TrainingBatch, step: number) =>
    stepOnHostBatch(model, batch, options.key.child(step), options);
  yield* paceSteps(batches, options, takeStep, (values, step) => ({ loss: requireFinite(values[0]!, step) }));
}

function stepOnHostBatch(
  model: DiffusionModel,
  { data, shape, labels }: TrainingBatch,
  key: RandomKey,
  options: TrainDiffusionOptions,
): tf.Scalar {
  requirePictures(model, shape);
  return tf.tidy(() => {
    const x0 = tf.tensor4d(data, shape as [number, number, number, number], 'float32');
    const loss = makeStep(model, { x0, labels }, key, options);
    options.ema?.update(trainableVariables(model));
    return loss;
  });
}

function requireFinite(loss: number, step: number): number {
  if (Number.isFinite(loss)) return loss;
  const remedy = 'Lower the learning rate, and look for pixels that are no numbers.';
  throw new DivergenceError({ step, quantity: 'loss', value: loss, remedy });
}
