import { ConfigError, tf } from '@lab/core';
import type { NoiseLevel } from './noise-level.ts';
import type { Target } from './prediction.ts';

/**
 * A draw of `q(xt | x0)` by its noise: `alpha x0 + sigma epsilon` (Ho et al. 2020, equation 4), each picture at a level of
 * its own. The caller disposes of the result.
 *
 * @param x0 Pictures, `[B, H, W, C]`.
 * @param noise Standard normal, of their shape.
 * @param levels One for each picture, or one for all.
 */
export function diffuse(x0: tf.Tensor4D, noise: tf.Tensor4D, levels: NoiseLevel | readonly NoiseLevel[]): tf.Tensor4D {
  const each = Array.isArray(levels) ? (levels as readonly NoiseLevel[]) : [levels as NoiseLevel];
  if (each.length !== 1 && each.length !== x0.shape[0]) {
    throw new ConfigError({ field: 'The number of levels', value: each.length, expected: `1 or ${x0.shape[0]}` });
  }
  return mix(
    x0,
    noise,
    each.map(({ alpha, sigma }) => ({ x0: alpha, epsilon: sigma })),
  );
}

/** Pictures plus noise, in shares of each picture's own, or in the same for all. */
export function mix(x0: tf.Tensor4D, noise: tf.Tensor4D, shares: readonly Target[]): tf.Tensor4D {
  const isOnlyNoise = shares.every((share) => share.x0 === 0 && share.epsilon === 1);
  if (isOnlyNoise) return tf.clone(noise);
  return tf.tidy(() => {
    const ofPicture = tf.mul(perPicture(shares.map((share) => share.x0)), x0);
    const ofNoise = tf.mul(perPicture(shares.map((share) => share.epsilon)), noise);
    return tf.add(ofPicture, ofNoise) as tf.Tensor4D;
  });
}

/** A number for each picture, `[B, 1, 1, 1]`, to be multiplied with pictures `[B, H, W, C]`. */
export function perPicture(values: readonly number[]): tf.Tensor4D {
  return tf.tensor4d(Float32Array.from(values), [values.length, 1, 1, 1]);
}
