import { ConfigError, type tf } from '@lab/core';

/**
 * What is attacked and evaluated: from images `[B, height, width, channels]` to logits `[B, classes]`, differentiable by
 * tfjs's tape. Logits, not probabilities: a saturated softmax has no gradient left in float32.
 */
export type Predict = (images: tf.Tensor4D) => tf.Tensor2D;

/** A model as it predicts, not as it trains. */
export function predictWith(model: tf.LayersModel): Predict {
  return (images) => model.apply(images, { training: false }) as tf.Tensor2D;
}

/** @throws ConfigError unless `logits` is `[count, classes]`, two classes at least, as a `Predict` must answer. */
export function requireLogits(logits: tf.Tensor, count: number): tf.Tensor2D {
  if (logits.rank === 2 && logits.shape[0] === count && logits.shape[1]! > 1) return logits as tf.Tensor2D;
  const expected = `[${count}, classes] for ${count} images`;
  throw new ConfigError({ field: "The logits' shape", value: logits.shape, expected });
}
