import { type Optimizer, type RandomKey, tf } from '@lab/core';
import { type Gan, drawLatents, requireImages, trainableVariables } from './gan.ts';
import type { GanLoss } from './losses.ts';
import { rekeyDropout } from './networks/keyed-dropout.ts';
import { discriminatorMove, generatorMove } from './play.ts';
import { type StepMetrics, measure, namedMetrics } from './step-metrics.ts';

/** What a train step needs besides the networks and the data. */
export interface TrainStepOptions {
  readonly loss: GanLoss;
  /** Changes D's weights; keep the same one from step to step. */
  readonly dOptimizer: Optimizer;
  /** Changes G's weights; keep the same one from step to step. */
  readonly gOptimizer: Optimizer;
  /**
   * Whether to work out and read the metrics. Reading waits for the backend, so a quick loop asks only now and then.
   *
   * @default true
   */
  readonly metrics?: boolean;
}

/**
 * One round of the game, Algorithm 1 of Goodfellow et al. 2014 with k = 1: D moves first, then G against the D that has
 * moved, on latents of its own. D's move leaves G untouched, and G's leaves D.
 *
 * @param real Images `[B, height, width, channels]`, in the range of G's output.
 * @param key Decides the latents and what dropout drops; give every step a key of its own, as `key.child(step)`.
 * @returns The metrics, or undefined if `metrics` is false.
 * @throws ConfigError if the images are not of the discriminator's shape.
 */
export function trainStep(
  gan: Gan,
  real: tf.Tensor,
  key: RandomKey,
  options: TrainStepOptions & { readonly metrics: false },
): undefined;
export function trainStep(
  gan: Gan,
  real: tf.Tensor,
  key: RandomKey,
  options: TrainStepOptions & { readonly metrics?: true },
): StepMetrics;
export function trainStep(
  gan: Gan,
  real: tf.Tensor,
  key: RandomKey,
  options: TrainStepOptions,
): StepMetrics | undefined {
  const measured = playRound(gan, real, key, { metrics: true, ...options });
  if (measured === undefined) return undefined;
  const values = measured.dataSync();
  measured.dispose();
  return namedMetrics(values);
}

/** `trainStep`, with its metrics still on the backend as `measure` has them. */
export function playRound(
  gan: Gan,
  real: tf.Tensor,
  key: RandomKey,
  options: TrainStepOptions & { readonly metrics: boolean },
): tf.Tensor1D | undefined {
  requireImages(gan, real.shape);
  const drawNoise = (move: 0 | 1) => {
    const moveKey = key.child(move);
    rekeyDropout(gan, moveKey.child(1));
    return drawLatents(gan, moveKey.child(0), real.shape[0]!);
  };
  return tf.tidy(() => makeMoves(gan, real, drawNoise, options)) as tf.Tensor1D | undefined;
}

/** One pass of the outer loop of Algorithm 1; `drawNoise` gives each move its minibatch of latents. */
export function makeMoves(
  gan: Gan,
  real: tf.Tensor,
  drawNoise: (move: 0 | 1) => tf.Tensor2D,
  { loss, dOptimizer, gOptimizer, metrics }: TrainStepOptions & { readonly metrics: boolean },
): tf.Tensor1D | undefined {
  // Update the discriminator by its stochastic gradient.
  const dMove = discriminatorMove(gan, real, drawNoise(0), loss);
  dOptimizer.apply(dMove.gradients, trainableVariables(gan.discriminator));

  // Update the generator by its stochastic gradient.
  const gMove = generatorMove(gan, drawNoise(1), loss);
  gOptimizer.apply(gMove.gradients, trainableVariables(gan.generator));

  return metrics ? measure(loss, dMove, gMove) : undefined;
}
