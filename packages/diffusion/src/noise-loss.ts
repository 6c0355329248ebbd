import { tf } from '@lab/core';

/** A minibatch of noisy images, with what the network is told and what it should find. The caller owns the tensors. */
export interface NoisyBatch {
  /** Noisy images, `[B, H, W, C]`. */
  readonly xt: tf.Tensor4D;
  /** How far into the noise each is, `[B]`. */
  readonly t: tf.Tensor1D;
  /** Classes, `[B]`, int32; the number of classes stands for "none of them". */
  readonly label: tf.Tensor1D;
  /** The noise in each, of the images' shape. */
  readonly noise: tf.Tensor4D;
}

/** The mean of `(epsilon - epsilon_theta(x_t, t))^2` over images, pixels and channels: Ho et al. 2020, equation 14. */
export function noiseLoss(model: tf.LayersModel, { xt, t, label, noise }: NoisyBatch): tf.Scalar {
  return tf.tidy(() => {
    const predicted = model.apply([xt, t, label], { training: true }) as tf.Tensor;
    return tf.mean(tf.squaredDifference(noise, predicted)) as tf.Scalar;
  });
}
