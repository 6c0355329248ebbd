import { type Pace, type PaceOptions, type RandomKey, paceSteps, tf } from '@lab/core';
import { type Gan, requireImages } from './gan.ts';
import type { LabelledPictures } from './minibatch.ts';
import { type StepMetrics, namedMetrics, requireFinite } from './step-metrics.ts';
import { type TrainStepOptions, playRound } from './train-step.ts';

/** Options of `trainGan`. */
export interface TrainGanOptions extends Omit<TrainStepOptions, 'metrics'>, PaceOptions {
  /** Decides all latents and dropout masks; step s uses `key.child(s)`, whatever came before it. */
  readonly key: RandomKey;
}

/** Where the training stands, and what its last step was like. */
export interface TrainProgress extends Pace, StepMetrics {}

/**
 * Trains for as long as the caller asks for more: `for await (const progress of trainGan(...))`. Leave the loop, or
 * abort the signal, to stop. It yields at multiples of `metricsEvery`, and after step `steps`. What it has yielded was
 * finite: a checkpoint saved on a yield is a good one.
 *
 * @param batches Real images `[B, height, width, channels]`, in the range of G's output, one batch a step; with `labels`,
 *   if the GAN is conditional.
 * @throws DivergenceError naming step and quantity once a loss or a norm is NaN or infinite; it is noticed at the first
 *   reading of the metrics from there on.
 * @throws ConfigError for an option out of its range, or for images that are not of the discriminator's shape.
 */
export async function* trainGan(
  gan: Gan,
  batches: Iterable<LabelledPictures> | AsyncIterable<LabelledPictures>,
  options: TrainGanOptions,
): AsyncGenerator<TrainProgress, void, undefined> {
  const { key, loss } = options;
  yield* paceSteps(
    batches,
    options,
    (batch, step, metrics) => stepOnHostBatch(gan, batch, key.child(step), { ...options, metrics }),
    (values, step) => {
      const metrics = namedMetrics(values);
      requireFinite(metrics, step, loss);
      return metrics;
    },
  );
}

function stepOnHostBatch(
  gan: Gan,
  { data, shape, labels }: LabelledPictures,
  key: RandomKey,
  options: TrainStepOptions & { readonly metrics: boolean },
): tf.Tensor1D | undefined {
  requireImages(gan, shape);
  const real = tf.tensor(data, shape as number[], 'float32');
  try {
    return playRound(gan, labels === undefined ? real : { images: real, labels }, key, options);
  } finally {
    real.dispose();
  }
}
