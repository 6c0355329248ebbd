import { tf } from '@lab/core';

/** Far below any logit, but not so far that differences of it would be infinite. */
const excluded = -1e30;

/**
 * -log softmax(logits)[class], nats, `[B]`.
 *
 * It is computed as softplus(logsumexp over the others j of l_j - l_class): where the classifier is sure, the plain form
 * subtracts two nearly equal numbers, and its gradient rounds to zero in float32 just where an attack needs it most.
 *
 * @param logits `[B, classes]`
 * @param classes One-hot rows, `[B, classes]`.
 */
export function crossEntropy(logits: tf.Tensor2D, classes: tf.Tensor2D): tf.Tensor1D {
  return tf.softplus(tf.logSumExp(margins(logits, classes), 1)) as tf.Tensor1D;
}

/** l_j - l_class for every other class j, `[B, classes]`; far below zero for the class itself. */
export function margins(logits: tf.Tensor2D, classes: tf.Tensor2D): tf.Tensor2D {
  const own = tf.sum(tf.mul(logits, classes), 1, true);
  return tf.add(tf.sub(logits, own), tf.mul(classes, excluded)) as tf.Tensor2D;
}

/** One-hot rows of class indices `[B]`: `[B, classes]`, float32. */
export function oneHotRows(indices: tf.Tensor1D, classes: number): tf.Tensor2D {
  return tf.cast(tf.oneHot(indices, classes), 'float32') as tf.Tensor2D;
}
