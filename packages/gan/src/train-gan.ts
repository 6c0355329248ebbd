import { type RandomKey, requireInteger, tf } from '@lab/core';
import { type Gan, requireImages } from './gan.ts';
import type { LabelledPictures } from './minibatch.ts';
import { type StepMetrics, namedMetrics, requireFinite } from './step-metrics.ts';
import { type TrainStepOptions, playRound } from './train-step.ts';

/** Options of `trainGan`. */
export interface TrainGanOptions extends Omit<TrainStepOptions, 'metrics'> {
  /** Decides all latents and dropout masks; step s uses `key.child(s)`, whatever came before it. */
  readonly key: RandomKey;
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
  /** Real images shown since then, where all batches are of the size of this training's first. */
  readonly imagesSeen: number;
}

/** After this long without giving the event loop a turn, training gives it one: timers, signals, drawing. */
const longestTurnMs = 100;

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
    const measured = stepOnHostBatch(gan, batch, key.child(step), { ...options, metrics: isReported });
    if (measured !== undefined) {
      const metrics = await readMetrics(measured);
      requireFinite(metrics, step, options.loss);
      yield { step, imagesSeen, ...metrics };
    }
    if (isStopped || step === steps) return;
    if (performance.now() - turnStarted > longestTurnMs) {
      await new Promise((resume) => setTimeout(resume, 0));
      turnStarted = performance.now();
    }
  }
}

function stepOnHostBatch(
  gan: Gan,
  { data, shape, labels }: LabelledPictures,
  key: RandomKey,
  options: TrainStepOptions & { readonly metrics: boolean },
): tf.Tensor1D | undefined {
  requireImages(gan, shape);
  const real = tf.tensor(data, shape as number[], 'float32');
  const measured = playRound(gan, labels === undefined ? real : { images: real, labels }, key, options);
  real.dispose();
  return measured;
}

async function readMetrics(measured: tf.Tensor1D): Promise<StepMetrics> {
  const values = await measured.data();
  const metrics = namedMetrics(values);
  measured.dispose();
  return metrics;
}

function resolveOptions({ key, steps = Infinity, startStep = 0, metricsEvery = 1, signal }: TrainGanOptions) {
  requireInteger('startStep', startStep, { min: 0 });
  requireInteger('metricsEvery', metricsEvery, { min: 1 });
  if (steps !== Infinity) requireInteger('steps', steps, { min: startStep });
  return { key, steps, startStep, metricsEvery, signal };
}
