import { tf } from '@lab/core';
import type { Autoencoder } from './autoencoder.ts';

/** What an encoder takes pictures for: every latent number normal, by itself. Both `[B, h, w, c]`. */
export interface Posterior {
  readonly mean: tf.Tensor4D;
  /** The logarithm of the variance. */
  readonly logVariance: tf.Tensor4D;
}

/** Beyond these a variance is as good as none, or as infinite; exp() of it stays finite. */
const [leastLog, mostLog] = [-30, 20];

/** What the encoder takes pictures `[B, H, W, C]` for; both tensors are the caller's to dispose. */
export function posteriorOf({ encoder }: Pick<Autoencoder, 'encoder'>, pictures: tf.Tensor4D): Posterior {
  const [mean, logVariance] = tf.tidy(() => {
    const both = tf.split(encoder.apply(pictures) as tf.Tensor4D, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
    return [both[0], tf.clipByValue(both[1], leastLog, mostLog)] as [tf.Tensor4D, tf.Tensor4D];
  });
  return { mean, logVariance };
}

/** A draw of the posterior: `mean + deviation noise` (Kingma & Welling 2014, section 2.4). */
export function drawOf({ mean, logVariance }: Posterior, noise: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => tf.add(mean, tf.mul(tf.exp(tf.div(logVariance, 2)), noise)) as tf.Tensor4D);
}

/**
 * How far the posterior of each picture is from the standard normal distribution, in nats, `[B]`: Kingma & Welling 2014, appendix B,
 * `1/2 sum(mean^2 + variance - 1 - log variance)`.
 */
export function klDivergence({ mean, logVariance }: Posterior): tf.Tensor1D {
  return tf.tidy(() => {
    const each = tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1));
    return tf.div(tf.sum(each, [1, 2, 3]), 2) as tf.Tensor1D;
  });
}
