import type { Pictures, Predict } from '@lab/adversarial';
import { tf } from '@lab/core';

/**
 * Which pixels make `from` look like `to` to a classifier: the gradient of logit `to` minus logit `from`, a picture each. White
 * ink where it is above 0 helps, below 0 hinders (Simonyan et al. 2014, "Deep Inside Convolutional Networks", section 3, of a
 * difference of scores).
 */
export async function saliency(predict: Predict, images: Pictures, from: number, to: number): Promise<Pictures> {
  const gradient = new Float32Array(images.data.length);
  const size = images.data.length / images.shape[0]!;
  for (let at = 0; at < gradient.length; at += 128 * size) {
    const part = images.data.subarray(at, at + 128 * size);
    const found = tf.tidy(() => {
      const lead = (x: tf.Tensor) => {
        const logits = predict(x as tf.Tensor4D);
        const column = (label: number) => tf.slice(logits, [0, label], [-1, 1]);
        return tf.sum(tf.sub(column(to), column(from)));
      };
      return tf.grad(lead)(tf.tensor4d(part, [part.length / size, 28, 28, 1]));
    });
    gradient.set(await found.data<'float32'>(), at);
    found.dispose();
  }
  return { data: gradient, shape: images.shape };
}

/** Grey for 0, white and black for the largest value either way, of each picture. */
export function toGreys({ data, shape }: Pictures): Pictures {
  const size = data.length / shape[0]!;
  const largest = Array.from({ length: shape[0]! }, (_, i) =>
    data.subarray(i * size, (i + 1) * size).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12),
  );
  return { data: data.map((value, at) => 0.5 + value / (2 * largest[Math.floor(at / size)]!)), shape };
}
