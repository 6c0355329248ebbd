import type { LabelledImages } from './labelled-images.ts';
import { OptionError, requireBoolean, requireInteger } from './option-error.ts';
import { shuffledIndices } from './shuffle.ts';
import { requireRange, toFloat, type PixelRange } from './to-float.ts';

/** Pictures and labels for one step. With `data` and `shape` it is a picture as the other packages take it. */
export interface Batch {
  /** Pixels as floats, `shape` long, in the range asked for. */
  readonly data: Float32Array;
  /** The same array as `data`. */
  readonly images: Float32Array;
  /** `[B, rows, cols, 1]` */
  readonly shape: readonly [number, number, number, number];
  /** `[B]` */
  readonly labels: Uint8Array;
  /** Where the pictures are in the data, `[B]`. */
  readonly indices: Uint32Array;
  /** Number of this batch, from 0: within the epoch, or since step 0 of an endless stream. */
  readonly step: number;
  /** Epoch of the first picture in the batch. */
  readonly epoch: number;
}

interface BatchOptions {
  /** Pictures in a batch. */
  readonly batchSize: number;
  /**
   * `'unit'` for pixels in [0, 1], `'signed'` for [-1, 1].
   * @default 'unit'
   */
  readonly range?: PixelRange;
  /**
   * Write each batch over the one before, which saves an allocation; only for callers that keep no batch.
   * @default false
   */
  readonly reuseArrays?: boolean;
}

export interface OrderedBatchOptions extends BatchOptions {
  /**
   * Leave out the last batch if it is not full.
   * @default false
   */
  readonly dropLast?: boolean;
}

export interface EpochBatchOptions extends OrderedBatchOptions {
  /** Chooses the order: 0 to 2^53 - 1. */
  readonly seed: number;
  /**
   * Another pass in another order.
   * @default 0
   */
  readonly epoch?: number;
}

export interface EndlessBatchOptions extends BatchOptions {
  /** Chooses the order of every epoch: 0 to 2^53 - 1. */
  readonly seed: number;
  /**
   * The first batch to give. A stream started at s goes on exactly as one that has given s batches.
   * @default 0
   */
  readonly startStep?: number;
}

/**
 * One pass in canonical order, as for evaluation.
 *
 * @throws OptionError at once, not at the first batch
 */
export function orderedBatches(
  images: LabelledImages,
  options: OrderedBatchOptions,
): Generator<Batch, void, undefined> {
  const order = Uint32Array.from({ length: images.count }, (_, index) => index);
  return onePass(images, order, 0, resolvePass(images, options));
}

/**
 * One pass in the order that `seed` and `epoch` choose: every picture once (but for the tail that `dropLast` leaves out).
 *
 * @throws OptionError at once, not at the first batch
 */
export function epochBatches(images: LabelledImages, options: EpochBatchOptions): Generator<Batch, void, undefined> {
  const { seed, epoch = 0 } = options;
  return onePass(images, shuffledIndices(images.count, { seed, epoch }), epoch, resolvePass(images, options));
}

/**
 * Full batches without end. Batch s is a pure function of `seed` and s: to resume, pass the next step as `startStep`.
 * An epoch runs over into the batch where the next one begins, so that every picture comes exactly once in each epoch
 * whatever the batch size, and a batch may be larger than the data.
 *
 * @throws OptionError at once, not at the first batch
 */
export function endlessBatches(
  images: LabelledImages,
  options: EndlessBatchOptions,
): Generator<Batch, never, undefined> {
  const resolved = resolveBatch(images, options);
  const startStep = requireInteger('startStep', options.startStep ?? 0, { max: maxStep(resolved.batchSize) });
  return stream(images, requireInteger('seed', options.seed), startStep, resolved);
}

type Resolved<T> = Required<T>;

function resolveBatch(images: LabelledImages, options: BatchOptions): Resolved<BatchOptions> {
  if (images.count === 0) throw new OptionError('images.count', 0, 'at least one picture');
  return {
    batchSize: requireInteger('batchSize', options.batchSize, { min: 1, max: 0xffffffff }),
    range: requireRange(options.range ?? 'unit'),
    reuseArrays: requireBoolean('reuseArrays', options.reuseArrays ?? false),
  };
}

function resolvePass(images: LabelledImages, options: OrderedBatchOptions): Resolved<OrderedBatchOptions> {
  const resolved = resolveBatch(images, options);
  const dropLast = requireBoolean('dropLast', options.dropLast ?? false);
  if (dropLast && resolved.batchSize > images.count) {
    throw new OptionError(
      'batchSize',
      resolved.batchSize,
      `at most the ${images.count} pictures there are, with dropLast`,
    );
  }
  return { ...resolved, dropLast };
}

/** Beyond it, the position of a picture in the stream is no longer a number that float64 holds exactly. */
function maxStep(batchSize: number): number {
  return Math.floor(Number.MAX_SAFE_INTEGER / batchSize) - 1;
}

function* onePass(
  images: LabelledImages,
  order: Uint32Array,
  epoch: number,
  options: Resolved<OrderedBatchOptions>,
): Generator<Batch, void, undefined> {
  const { batchSize, dropLast } = options;
  const fill = filler(images, options);
  for (let step = 0; step * batchSize < order.length; step++) {
    const indices = order.slice(step * batchSize, (step + 1) * batchSize);
    if (dropLast && indices.length < batchSize) return;
    yield fill(indices, step, epoch);
  }
}

function* stream(
  images: LabelledImages,
  seed: number,
  startStep: number,
  options: Resolved<BatchOptions>,
): Generator<Batch, never, undefined> {
  const { batchSize } = options;
  const fill = filler(images, options);
  let epoch = Math.floor((startStep * batchSize) / images.count);
  let order = shuffledIndices(images.count, { seed, epoch });
  for (let step = startStep; ; step++) {
    const indices = new Uint32Array(batchSize);
    const firstEpoch = Math.floor((step * batchSize) / images.count);
    for (let taken = 0; taken < batchSize;) {
      const position = step * batchSize + taken;
      const due = Math.floor(position / images.count);
      if (due !== epoch) order = shuffledIndices(images.count, { seed, epoch: (epoch = due) });
      const start = position % images.count;
      const run = order.subarray(start, start + batchSize - taken);
      indices.set(run, taken);
      taken += run.length;
    }
    yield fill(indices, step, firstEpoch);
  }
}

/** Makes batches from indices; keeps the arrays to be reused, if they are. */
function filler(images: LabelledImages, { range, reuseArrays }: Resolved<BatchOptions>) {
  let data: Float32Array | undefined;
  let labels: Uint8Array | undefined;
  return (indices: Uint32Array, step: number, epoch: number): Batch => {
    const shape = [indices.length, images.rows, images.cols, 1] as const;
    const fits = reuseArrays && labels?.length === indices.length;
    data = toFloat(images, indices, range, fits ? data : undefined);
    labels = fits && labels ? labels : new Uint8Array(indices.length);
    for (let k = 0; k < indices.length; k++) labels[k] = images.labels[indices[k]!]!;
    return { data, images: data, shape, labels, indices, step, epoch };
  };
}
