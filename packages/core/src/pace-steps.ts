import { requireInteger } from './option-checks.ts';
import type * as tf from './tf.js';

/** How a training is paced: where it begins and ends, and how often it tells how it goes. */
export interface PaceOptions {
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

/** Where a training stands. */
export interface Pace {
  /** Steps made since the start of the whole run. */
  readonly step: number;
  /** Images shown since then, where all batches are of the size of this training's first. */
  readonly imagesSeen: number;
}

/** After this long without giving the event loop a turn, training gives it one: timers, signals, drawing. */
const longestTurnMs = 100;

/**
 * How steps follow each other, whatever a step is: one a batch, until the batches, the steps or the caller's patience end.
 * Yields at multiples of `metricsEvery`, and after the last step.
 *
 * @param batches Anything with the shape `[B, ...]` of its images.
 * @param takeStep Makes step number `step`, and returns what it measured, which this function disposes of; where
 *   `isMeasured` is false it may return undefined.
 * @param readMetrics Names the numbers that were measured; throws if they are not to be gone on with.
 * @throws ConfigError for an option out of its range.
 */
export async function* paceSteps<Batch extends { readonly shape: readonly number[] }, Metrics extends object>(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: PaceOptions,
  takeStep: (batch: Batch, step: number, isMeasured: boolean) => tf.Tensor | undefined,
  readMetrics: (values: ArrayLike<number>, step: number) => Metrics,
): AsyncGenerator<Pace & Metrics, void, undefined> {
  const { steps, startStep, metricsEvery, signal } = resolveOptions(options);
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
    const measured = takeStep(batch, step, isReported);
    const values = isReported ? await measured?.data() : undefined;
    measured?.dispose();
    if (values !== undefined) yield { step, imagesSeen, ...readMetrics(values, step) };
    if (isStopped || step === steps) return;
    if (performance.now() - turnStarted > longestTurnMs) {
      await new Promise((resume) => setTimeout(resume, 0));
      turnStarted = performance.now();
    }
  }
}

function resolveOptions({ steps = Infinity, startStep = 0, metricsEvery = 1, signal }: PaceOptions) {
  requireInteger('startStep', startStep, { min: 0 });
  requireInteger('metricsEvery', metricsEvery, { min: 1 });
  if (steps !== Infinity) requireInteger('steps', steps, { min: startStep });
  return { steps, startStep, metricsEvery, signal };
}
