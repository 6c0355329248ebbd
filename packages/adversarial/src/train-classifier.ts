import { DivergenceError, type Ema, requireInteger, tf } from '@lab/core';
import { classCount, requireModelPictures, trainableVariables } from './classifier.ts';
import { type LabelledPictures, requireLabels } from './pictures.ts';
import { type StepMetrics, type TrainStepOptions, makeStep, namedMetrics } from './train-step.ts';

/** Options of `trainClassifier`. */
export interface TrainClassifierOptions extends TrainStepOptions {
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

/** After this long without giving the event loop a turn, training gives it one: timers, signals, drawing. */
const longestTurnMs = 100;

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
  yield* paceSteps(batches, options, ({ data, shape, labels }) => {
    requireModelPictures(model, shape);
    const classes = requireLabels(labels, shape[0]!, classCount(model));
    return tf.tidy(() => {
      const images = tf.tensor4d(data, shape as [number, number, number, number], 'float32');
      const measured = makeStep(model, images, tf.tensor1d(classes, 'int32'), options);
      options.ema?.update(trainableVariables(model));
      return measured;
    });
  });
}

/** How steps follow each other, whatever a step is: `makeStep` gets a batch and the step's number, and measures `[2]`. */
export async function* paceSteps<Batch extends LabelledPictures>(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: Omit<TrainClassifierOptions, 'optimizer' | 'ema'>,
  makeStep: (batch: Batch, step: number) => tf.Tensor1D,
): AsyncGenerator<TrainProgress, void, undefined> {
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
    const measured = makeStep(batch, step);
    if (isReported) {
      const metrics = namedMetrics(await measured.data());
      measured.dispose();
      requireFiniteLoss(metrics, step);
      yield { step, imagesSeen, ...metrics };
    } else measured.dispose();
    if (isStopped || step === steps) return;
    if (performance.now() - turnStarted > longestTurnMs) {
      await new Promise((resume) => setTimeout(resume, 0));
      turnStarted = performance.now();
    }
  }
}

function requireFiniteLoss({ loss }: StepMetrics, step: number): void {
  if (Number.isFinite(loss)) return;
  const remedy = 'Lower the learning rate, and look for pixels that are no numbers.';
  throw new DivergenceError({ step, quantity: 'loss', value: loss, remedy });
}

function resolveOptions(options: Omit<TrainClassifierOptions, 'optimizer' | 'ema'>) {
  const { steps = Infinity, startStep = 0, metricsEvery = 1, signal } = options;
  requireInteger('startStep', startStep, { min: 0 });
  requireInteger('metricsEvery', metricsEvery, { min: 1 });
  if (steps !== Infinity) requireInteger('steps', steps, { min: startStep });
  return { steps, startStep, metricsEvery, signal };
}
