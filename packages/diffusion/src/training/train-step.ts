import { type Optimizer, type RandomKey, tf } from '@lab/core';
import { type DiffusionModel, trainableVariables } from '../diffusion-model.ts';
import { denoisingLoss, drawDenoisingBatch, type TrainingPictures } from './denoising-loss.ts';

/** What one step can tell, of the moment before the weights changed. */
export interface StepMetrics {
  /** Mean weighted squared error of the network's answers, at the levels that were drawn: expect it to be noisy. */
  readonly loss: number;
}

/** What a train step needs besides the model and the data. */
export interface TrainStepOptions {
  /** Changes the weights; keep the same one from step to step. */
  readonly optimizer: Optimizer;
  /**
   * Probability with which a picture's class is withheld, in [0, 1): so the network learns what it is told in guidance.
   *
   * @default 0.1 if the model has a null class, else 0
   */
  readonly classDropout?: number | undefined;
  /**
   * Whether to read the metrics. Reading waits for the backend, so a quick loop asks only now and then.
   *
   * @default true
   */
  readonly metrics?: boolean;
}

/**
 * One pass of the loop of Ho et al. 2020, Algorithm 1, for a batch of pictures.
 *
 * @param key Decides levels, noise and which classes are withheld; give every step one of its own, as `key.child(step)`.
 * @returns The metrics, or undefined if `metrics` is false.
 * @throws ConfigError for pictures of another shape, a label that is no class, or an option out of its range.
 */
export function trainStep(
  model: DiffusionModel,
  pictures: TrainingPictures,
  key: RandomKey,
  options: TrainStepOptions & { readonly metrics: false },
): undefined;
export function trainStep(
  model: DiffusionModel,
  pictures: TrainingPictures,
  key: RandomKey,
  options: TrainStepOptions & { readonly metrics?: true },
): StepMetrics;
export function trainStep(
  model: DiffusionModel,
  pictures: TrainingPictures,
  key: RandomKey,
  options: TrainStepOptions,
): StepMetrics | undefined {
  const loss = makeStep(model, pictures, key, options);
  const metrics = options.metrics === false ? undefined : { loss: loss.dataSync()[0]! };
  loss.dispose();
  return metrics;
}

/** `trainStep`, with its loss still on the backend. */
export function makeStep(
  model: DiffusionModel,
  pictures: TrainingPictures,
  key: RandomKey,
  options: Omit<TrainStepOptions, 'metrics'>,
): tf.Scalar {
  const { classDropout = model.hasNullClass ? 0.1 : 0 } = options;
  return tf.tidy(() => {
    const batch = drawDenoisingBatch(model, pictures, key, classDropout);
    const variables = trainableVariables(model);
    const { value, grads } = tf.variableGrads(() => denoisingLoss(model, batch), variables);
    options.optimizer.apply(grads, variables);
    return value;
  });
}
