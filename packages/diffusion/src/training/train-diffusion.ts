import { DivergenceError, type Ema, type RandomKey, requireInteger, tf } from '@lab/core';
import { type DiffusionModel, requirePictures, trainableVariables } from '../diffusion-model.ts';
import type { Pictures } from '../pictures.ts';
import { makeStep, type StepMetrics, type TrainStepOptions } from './train-step.ts';

/** Options of `trainDiffusion`. */
export interface TrainDiffusionOptions extends Omit<TrainStepOptions, 'metrics'> {
  /** Decides levels, noise and withheld classes; step s uses `key.child(s)`, whatever came before it. */
  readonly key: RandomKey;
  /**
   * Averages of the weights, updated after every step; made of `trainableVariables(model)`.
   *
   * @default none
   */
  readonly ema?: Ema | undefined;
  /**
   * The step to end after, counted from the start of the whole run; at least `startStep`.
   *
   * @default Infinity: as long as there are batches
   */
  readonly steps?: number;
  /**
   * Steps already made, when a run is resumed. The batches must begin with the one of step `startStep + 1`.
   *
   * @default 0
   */
  readonly startStep?: number;
  /**
   * Steps from one reading of the metrics, and one yield, to the next; at least 1. Reading less often is quicker.
   *
   * @default 1
   */
  readonly metricsEvery?: number;
  /**
   * Ends the training after the next step, which is still yielded, or at once if the last one was.
   *
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
}

/** Where the training stands, and what its last step was like. */
export interface TrainProgress extends StepMetrics {
  /** Steps made since the start of the whole run. */
  readonly step: number;
  /** Pictures shown since then, where all batches are of the size of this training's first. */
  readonly imagesSeen: number;
}

/** Pictures on the host, with their classes if the network is told any. */
export interface TrainingBatch extends Pictures {
  /** `[N]`, integers from 0. */
  readonly labels?: ArrayLike<number> | undefined;
}

/** After this long without giving the event loop a turn, training gives it one: timers, signals, drawing. */
const longestTurnMs = 100;

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
  const { key, steps, startStep, metricsEvery, signal } = resolveOptions(options);
  let step = startStep;
  let isReported = true;
  let imagesSeen: number | undefined;
  let turnStarted = performance.now();
  if (step >= steps) return;
  for await (const batch of batches) {
    const isStopped = signal?.aborted === true;
    if (isStopped && isReported) return;
    step += 1;
    imagesSeen = (imagesSeen ?? startStep * batch.shape[0]!) + batch.shape[0]!;
    isReported = isStopped || step === steps || step % metricsEvery === 0;
    const measured = stepOnHostBatch(model, batch, key.child(step), options);
    const loss = isReported ? (await measured.data())[0]! : undefined;
    measured.dispose();
    if (loss !== undefined) yield { step, imagesSeen, loss: requireFinite(loss, step) };
    if (isStopped || step === steps) return;
    if (performance.now() - turnStarted > longestTurnMs) {
      await new Promise((resume) => setTimeout(resume, 0));
      turnStarted = performance.now();
    }
  }
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

function resolveOptions({ key, steps = Infinity, startStep = 0, metricsEvery = 1, signal }: TrainDiffusionOptions) {
  requireInteger('startStep', startStep, { min: 0 });
  requireInteger('metricsEvery', metricsEvery, { min: 1 });
  if (steps !== Infinity) requireInteger('steps', steps, { min: startStep });
  return { key, steps, startStep, metricsEvery, signal };
}
