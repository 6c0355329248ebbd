import { requireInteger, tf } from '@lab/core';
import { type CalibrationBin, calibrationBins, expectedCalibrationError } from './calibration.ts';
import { type LabelledPictures, type Pictures, requireLabels, requirePictures, slicePictures } from './pictures.ts';
import { type Predict, requireLogits } from './predict.ts';

/** Options of `evaluate` and `probabilities`. */
export interface EvaluateOptions {
  /**
   * Pictures that go through at a time, at least 1: bounds the memory.
   *
   * @default 250
   */
  readonly batchSize?: number;
}

/** How well a classifier reads pictures. */
export interface Evaluation {
  readonly count: number;
  /** Share read correctly. */
  readonly accuracy: number;
  /** Mean -log p(label), nats. */
  readonly crossEntropy: number;
  /** Share read correctly of each class's pictures (its recall); NaN where there are none. */
  readonly perClass: readonly number[];
  /** `confusion[label][read as]`, counts. */
  readonly confusion: readonly (readonly number[])[];
  /** What every picture is read as, `[count]`. */
  readonly predictions: Int32Array;
  /** The probability given to that reading, `[count]`. */
  readonly confidences: Float32Array;
  /** 15 bins of equal width over the confidence. */
  readonly calibration: readonly CalibrationBin[];
  /** Expected calibration error: Guo et al. 2017, equation 3. */
  readonly calibrationError: number;
}

/**
 * How well a classifier reads labelled pictures.
 *
 * @throws ConfigError for pictures that have no pixels, or pixels that are no numbers, or labels that are no classes.
 */
export async function evaluate(
  predict: Predict,
  pictures: LabelledPictures,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { data: p, shape } = await probabilities(predict, pictures, options);
  const [count, classes] = shape as [number, number];
  const labels = requireLabels(pictures.labels, count, classes);
  const predictions = Int32Array.from(labels, (_, i) => indexOfMax(p.subarray(i * classes, (i + 1) * classes)));
  const confidences = Float32Array.from(predictions, (read, i) => p[i * classes + read]!);
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  let nats = 0;
  labels.forEach((label, i) => {
    confusion[label]![predictions[i]!]! += 1;
    // Below the smallest normal float32 the softmax has rounded to zero.
    nats -= Math.log(Math.max(p[i * classes + label]!, 2 ** -126));
  });
  const correct = predictions.map((read, i) => (read === labels[i] ? 1 : 0));
  const calibration = calibrationBins(confidences, correct);
  return {
    count,
    accuracy: correct.reduce((sum, one) => sum + one, 0) / count,
    crossEntropy: nats / count,
    perClass: confusion.map((row, label) => row[label]! / row.reduce((sum, n) => sum + n, 0)),
    confusion,
    predictions,
    confidences,
    calibration,
    calibrationError: expectedCalibrationError(calibration),
  };
}

/** softmax(logits) of every picture, on the host: `[N, classes]`. */
export async function probabilities(
  predict: Predict,
  pictures: Pictures,
  options: EvaluateOptions = {},
): Promise<Pictures> {
  return readRows((images) => tf.softmax(requireLogits(predict(images), images.shape[0])), pictures, options);
}

/**
 * A function of pictures, batch by batch, its results on the host: `[N, width]`.
 *
 * @param compute From images `[B, height, width, channels]` to rows `[B, width]`, such as features.
 * @throws ConfigError for bad pictures or a batch size that is not an integer of at least 1.
 */
export async function readRows(
  compute: (images: tf.Tensor4D) => tf.Tensor,
  pictures: Pictures,
  options: EvaluateOptions = {},
): Promise<Pictures> {
  const batchSize = requireInteger('batchSize', options.batchSize ?? 250, { min: 1 });
  requirePictures(pictures);
  const count = pictures.shape[0]!;
  let rows: Float32Array | undefined;
  for (let from = 0; from < count; from += batchSize) {
    const { data, shape } = slicePictures(pictures, from, Math.min(from + batchSize, count));
    const result = tf.tidy(() => compute(tf.tensor4d(data, shape as [number, number, number, number], 'float32')));
    const width = result.size / shape[0]!;
    rows ??= new Float32Array(count * width);
    rows.set(await result.data(), from * width);
    result.dispose();
  }
  return { data: rows!, shape: [count, rows!.length / count] };
}

function indexOfMax(values: Float32Array): number {
  let best = 0;
  values.forEach((value, i) => {
    if (value > values[best]!) best = i;
  });
  return best;
}
