import { type Optimizer, tf } from '@lab/core';
import { noiseLoss, type NoisyBatch } from './noise-loss.ts';

/** What one step can tell, of the moment before the weights changed. */
export interface DenoiseMetrics {
  /** Mean squared error of the predicted noise. */
  readonly loss: number;
}

/** What a step needs besides the network and the data. */
export interface DenoiseStepOptions {
  /** Changes the weights; keep the same one from step to step. */
  readonly optimizer: Optimizer;
  /**
   * Whether to read the metrics. Reading waits for the backend, so a quick loop asks only now and then.
   *
   * @default true
   */
  readonly metrics?: boolean;
}

/**
 * A gradient step on `noiseLoss`: Ho et al. 2020, Algorithm 1, line 5.
 *
 * @returns The metrics, or undefined if `metrics` is false.
 */
export function denoiseStep(
  model: tf.LayersModel,
  batch: NoisyBatch,
  options: DenoiseStepOptions & { readonly metrics: false },
): undefined;
export function denoiseStep(
  model: tf.LayersModel,
  batch: NoisyBatch,
  options: DenoiseStepOptions & { readonly metrics?: true },
): DenoiseMetrics;
export function denoiseStep(
  model: tf.LayersModel,
  batch: NoisyBatch,
  { optimizer, metrics = true }: DenoiseStepOptions,
): DenoiseMetrics | undefined {
  return tf.tidy(() => {
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { value, grads } = tf.variableGrads(() => noiseLoss(model, batch), variables);
    optimizer.apply(grads, variables);
    return metrics ? { loss: value.dataSync()[0]! } : undefined;
  }) as DenoiseMetrics | undefined;
}
