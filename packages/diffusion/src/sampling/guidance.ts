import { tf } from '@lab/core';

/**
 * Classifier-free guidance, `u + scale (c - u)` (Ho & Salimans 2022, equation 6, with scale = w + 1), and how much of it is
 * scaled back to the standard deviation of `c`, picture by picture (Lin et al. 2024, equations 14 to 16).
 *
 * @param conditional The network's answers with the class, `[B, H, W, C]`.
 * @param unconditional Without.
 * @param scale 1 leaves `conditional` as it is.
 * @param rescale phi, 0 to 1.
 */
export function guide(conditional: tf.Tensor4D, unconditional: tf.Tensor4D, scale: number, rescale = 0): tf.Tensor4D {
  return tf.tidy(() => {
    const guided = tf.add(unconditional, tf.mul(scale, tf.sub(conditional, unconditional))) as tf.Tensor4D;
    if (rescale === 0) return guided;
    const ratio = tf.div(deviation(conditional), deviation(guided));
    return tf.mul(guided, tf.add(tf.mul(rescale, ratio), 1 - rescale)) as tf.Tensor4D;
  });
}

/** Above 0 by a hair, so that an untrained network's answers, 0 all over, keep their spread and don't become 0 / 0. */
function deviation(pictures: tf.Tensor4D): tf.Tensor {
  return tf.add(tf.sqrt(tf.moments(pictures, [1, 2, 3], true).variance), 1e-12);
}
