import { ConfigError, type Ema, type Optimizer, type RandomKey, requireInteger, tf } from '@lab/core';
import { updateAverage } from './average.ts';
import { type Gan, drawLatents, trainableVariables } from './gan.ts';
import type { GanLoss } from './losses.ts';
import { type LabelledImages, type Minibatch, asMinibatch, splitMinibatch } from './minibatch.ts';
import { rekeyDropout } from './networks/keyed-dropout.ts';
import { batchComparersOf } from './networks/minibatch-std-dev.ts';
import { normaliseSpectra } from './networks/spectral-layers.ts';
import type { Penalty } from './penalties.ts';
import { type Move, discriminatorMove, generatorMove } from './play.ts';
import { type StepMetrics, measure, namedMetrics } from './step-metrics.ts';

/** What a train step needs besides the networks and the data. */
export interface TrainStepOptions {
  readonly loss: GanLoss;
  /**
   * Changes D's weights; keep the same one from step to step. Two learning rates, D's the larger, can keep the players
   * level: Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule".
   */
  readonly dOptimizer: Optimizer;
  /** Changes G's weights; keep the same one from step to step. */
  readonly gOptimizer: Optimizer;
  /**
   * Added to D's loss: `gradientPenalty()` or `r1()`.
   *
   * @default none
   */
  readonly penalty?: Penalty | undefined;
  /**
   * Steps that D makes in a round, the k of Algorithm 1, at least 1. They share the real images between them, so that a
   * batch must be a multiple.
   *
   * @default 1
   */
  readonly dSteps?: number;
  /**
   * Steps that G makes in a round, each on latents of its own, at least 1.
   *
   * @default 1
   */
  readonly gSteps?: number;
  /**
   * A `generatorAverage`, which takes G in after every round.
   *
   * @default none
   */
  readonly gAverage?: Ema | undefined;
  /**
   * Whether to work out and read the metrics. Reading waits for the backend, so a quick loop asks only now and then.
   *
   * @default true
   */
  readonly metrics?: boolean;
}

/**
 * One round of the game, Algorithm 1 of Goodfellow et al. 2014: D moves first, `dSteps` times, then G against the D that
 * has moved, on latents of its own. D's move leaves G untouched, and G's leaves D.
 *
 * @param real Images `[B, height, width, channels]`, in the range of G's output; with their labels, if the GAN is
 *   conditional. The fake images of a step have the labels of its real ones.
 * @param key Decides the latents and what dropout drops; give every step a key of its own, as `key.child(step)`.
 * @returns The metrics, or undefined if `metrics` is false.
 * @throws ConfigError if the images are not of the discriminator's shape, for a label out of range, or for an option out
 *   of its range.
 */
export function trainStep(
  gan: Gan,
  real: tf.Tensor | LabelledImages,
  key: RandomKey,
  options: TrainStepOptions & { readonly metrics: false },
): undefined;
export function trainStep(
  gan: Gan,
  real: tf.Tensor | LabelledImages,
  key: RandomKey,
  options: TrainStepOptions & { readonly metrics?: true },
): StepMetrics;
export function trainStep(
  gan: Gan,
  real: tf.Tensor | LabelledImages,
  key: RandomKey,
  options: TrainStepOptions,
): StepMetrics | undefined {
  const measured = playRound(gan, real, key, { ...options, metrics: options.metrics ?? true });
  if (measured === undefined) return undefined;
  const values = measured.dataSync();
  measured.dispose();
  return namedMetrics(values);
}

/** `trainStep`, with its metrics still on the backend as `measure` has them. */
export function playRound(
  gan: Gan,
  real: tf.Tensor | LabelledImages,
  key: RandomKey,
  options: TrainStepOptions & { readonly metrics: boolean },
): tf.Tensor1D | undefined {
  const { dSteps = 1, gSteps = 1 } = options;
  requireInteger('dSteps', dSteps, { min: 1 });
  requireInteger('gSteps', gSteps, { min: 1 });
  // Each remembers the weights of one network.
  if (options.gOptimizer === options.dOptimizer) {
    throw new ConfigError({ field: 'gOptimizer', value: 'dOptimizer', expected: 'an optimizer of its own' });
  }
  return tf.tidy(() => {
    const minibatches = splitMinibatch(asMinibatch(gan, real), dSteps);
    const count = minibatches[0]!.images.shape[0]!;
    // Refused here, since what fails while a tape is laid leaves tensors behind.
    for (const layer of batchComparersOf(gan.discriminator)) layer.groupsOf(count);
    const drawNoise = (move: number) => {
      const moveKey = key.child(move);
      rekeyDropout(gan, moveKey.child(1));
      return drawLatents(gan, moveKey.child(0), count);
    };
    return makeMoves(gan, minibatches, drawNoise, { ...options, gSteps, key });
  }) as tf.Tensor1D | undefined;
}

/** What `makeMoves` needs to know of a round. */
export type RoundOptions = TrainStepOptions & { readonly metrics: boolean; readonly key: RandomKey };

/**
 * One pass of the outer loop of Algorithm 1, with a step of D for each minibatch; `drawNoise` gives each move its latents:
 * D's have even numbers, G's odd ones.
 */
export function makeMoves(
  gan: Gan,
  minibatches: readonly Minibatch[],
  drawNoise: (move: number) => tf.Tensor2D,
  { loss, penalty, dOptimizer, gOptimizer, gSteps = 1, gAverage, metrics, key }: RoundOptions,
): tf.Tensor1D | undefined {
  let [dMove, gMove]: (Move | undefined)[] = [];

  // Update the discriminator by its stochastic gradient, k times.
  minibatches.forEach((real, i) => {
    const z = drawNoise(2 * i);
    normaliseSpectra(gan.discriminator);
    const isPenalised = dOptimizer.step % (penalty?.every ?? 1) === 0;
    const play = { loss, penalty: isPenalised ? penalty : undefined, key: key.child(2 * i).child(2) };
    dMove = discriminatorMove(gan, real, z, play);
    dOptimizer.apply(dMove.gradients, trainableVariables(gan.discriminator));
  });

  // Update the generator by its stochastic gradient.
  const { condition } = minibatches.at(-1)!;
  for (let i = 0; i < gSteps; i++) {
    gMove = generatorMove(gan, drawNoise(2 * i + 1), condition, loss);
    gOptimizer.apply(gMove.gradients, trainableVariables(gan.generator));
  }
  if (gAverage !== undefined) updateAverage(gan, gAverage);

  return metrics ? measure(loss, dMove!, gMove!) : undefined;
}
