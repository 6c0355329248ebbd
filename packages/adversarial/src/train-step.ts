import { type Optimizer, tf } from '@lab/core';
import { requireModelPictures, trainableVariables } from './classifier.ts';
import { crossEntropy, oneHotRows } from './cross-entropy.ts';

/** What one train step can tell, all of it of the moment before the weights changed. */
export interface StepMetrics {
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  /** Share of the batch that was read correctly. */
  readonly accuracy: number;
}

/** What a train step needs besides the network and the data. */
export interface TrainStepOptions {
  /** Changes the weights; keep the same one from step to step. */
  readonly optimizer: Optimizer;
}

/**
 * One update by the gradient of the mean cross-entropy.
 *
 * @param images `[B, height, width, channels]` in [0, 1].
 * @param labels Class indices, `[B]`.
 * @returns Loss and accuracy.
 * @throws ConfigError if the images are not of the model's shape.
 */
export function trainStep(
  model: tf.LayersModel,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  options: TrainStepOptions,
): StepMetrics {
  const measured = makeStep(model, images, labels, options);
  const values = measured.dataSync();
  measured.dispose();
  return namedMetrics(values);
}

/** `trainStep`, with loss and accuracy still on the backend, `[2]`. */
export function makeStep(
  model: tf.LayersModel,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  { optimizer }: TrainStepOptions,
): tf.Tensor1D {
  requireModelPictures(model, images.shape);
  return tf.tidy(() => {
    const variables = trainableVariables(model);
    let logits: tf.Tensor2D | undefined;
    const { value, grads } = tf.variableGrads(() => {
      logits = model.apply(images, { training: true }) as tf.Tensor2D;
      // The tape's scope would dispose of them, which the accuracy still needs.
      tf.keep(logits);
      return tf.mean(crossEntropy(logits, oneHotRows(labels, logits.shape[1]))) as tf.Scalar;
    }, variables);
    optimizer.apply(grads, variables);
    const correct = tf.equal(tf.argMax(logits!, 1), tf.cast(labels, 'int32'));
    const accuracy = tf.mean(tf.cast(correct, 'float32'));
    logits!.dispose();
    return tf.stack([value, accuracy]) as tf.Tensor1D;
  });
}

/** The numbers that `makeStep` put in line. */
export function namedMetrics(values: ArrayLike<number>): StepMetrics {
  return { loss: values[0]!, accuracy: values[1]! };
}
