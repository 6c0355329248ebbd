import { DivergenceError, type Ema, type Pace, type PaceOptions, paceSteps, tf } from '@lab/core';
import { classCount, requireModelPictures, trainableVariables } from './classifier.ts';
import { type LabelledPictures, requireLabels } from './pictures.ts';
import { type StepMetrics, type TrainStepOptions, makeStep, namedMetrics } from './train-step.ts';

/** Options of `trainClassifier`. */
export interface TrainClassifierOptions extends TrainStepOptions, PaceOptions {
  /**
   * Averages of the weights, updated after every step; made of `trainableVariables(model)`.
   *
   * @default none
   */
  readonly ema?: Ema | undefined;
}

/** Where the training stands, and what its last step was like. */
export interface TrainProgress extends Pace, StepMetrics {}

/**
 * Trains for as long as the caller asks for more: `for await (const progress of trainClassifier(...))`. Leave the loop,
 * or abort the signal, to stop. It yields at multiples of `metricsEvery`, and after step `steps`.
 *
 * @param batches Pictures in [0, 1] with their labels, one batch a step; those of `mnist-data` fit.
 * @throws DivergenceError once the loss is NaN or infinite; it is noticed at the first reading from there on.
 * @throws ConfigError for an option out of its range, pictures of another shape, or a label that is no class.
 */
export async function* trainClassifier(
  model: tf.LayersModel,
  batches: Iterable<LabelledPictures> | AsyncIterable<LabelledPictures>,
  options: TrainClassifierOptions,
): AsyncGenerator<TrainProgress, void, undefined> {
  const takeStep = ({ data, shape, labels }: LabelledPictures) => {
    requireModelPictures(model, shape);
    const classes = requireLabels(labels, shape[0]!, classCount(model));
    return tf.tidy(() => {
      const images = tf.tensor4d(data, shape as [number, number, number, number], 'float32');
      const measured = makeStep(model, images, tf.tensor1d(classes, 'int32'), options);
      options.ema?.update(trainableVariables(model));
      return measured;
    });
  };
  yield* paceSteps(batches, options, takeStep, readMetrics);
}

/** The numbers that a step measured, by name. @throws DivergenceError if the loss is NaN or infinite. */
export function readMetrics(values: ArrayLike<number>, step: number): StepMetrics {
  const metrics = namedMetrics(values);
  if (Number.isFinite(metrics.loss)) return metrics;
  const remedy = 'Lower the learning rate, and look for pixels that are no numbers.';
  throw new DivergenceError({ step, quantity: 'loss', value: metrics.loss, remedy });
}
