import { type RandomKey, requireInteger, tf } from '@lab/core';
import { type DiffusionModel, pictureShape } from '../diffusion-model.ts';
import { type DenoisingOptions, denoisingFrom } from '../sampling/sample.ts';
import { toTheEnd } from '../sampling/sampler.ts';

/** Options of `interpolateNoise`; the sampler has to be one that adds no noise, as 'ddim', 'heun' or 'dpmSolver'. */
export interface InterpolateNoiseOptions extends DenoisingOptions {
  /**
   * Pictures from one end to the other, both included; at least 2.
   *
   * @default 8
   */
  readonly count?: number;
}

/**
 * Pictures of one class, from the noise between two noises: on the arc, where it is as long as noise is (Song et al. 2021, DDIM,
 * section 5.3). `[count, H, W, C]`, the caller's to dispose.
 *
 * @param key Decides both ends.
 * @throws ConfigError for a label that the network isn't told, or an option out of its range.
 */
export function interpolateNoise(
  model: DiffusionModel,
  key: RandomKey,
  label: number,
  options: InterpolateNoiseOptions = {},
): tf.Tensor4D {
  const { count: given = 8, ...rest } = options;
  const count = requireInteger('count', given, { min: 2 });
  const shape = [1, ...pictureShape(model)];
  const labels = new Array<number>(count).fill(label);
  return tf.tidy(() => {
    const [a, b] = ['from', 'to'].map((end) => key.child(end).normal<tf.Rank.R4>(shape)) as [tf.Tensor4D, tf.Tensor4D];
    const arc = Array.from({ length: count }, (_, i) => noiseBetween(a, b, i / (count - 1)));
    const start = tf.concat(arc, 0);
    return toTheEnd(denoisingFrom(model, key, labels, ({ sigma }) => tf.mul(start, sigma), rest));
  });
}

/** Spherical interpolation (Shoemake 1985): `sin((1 - s) angle) / sin(angle) a + sin(s angle) / sin(angle) b`. */
export function noiseBetween(a: tf.Tensor4D, b: tf.Tensor4D, share: number): tf.Tensor4D {
  return tf.tidy(() => {
    const cosine = tf.div(tf.sum(tf.mul(a, b)), tf.mul(tf.norm(a), tf.norm(b)));
    const angle = tf.acos(tf.clipByValue(cosine, -0.999999, 0.999999));
    const weight = (part: number) => tf.div(tf.sin(tf.mul(part, angle)), tf.sin(angle));
    return tf.add(tf.mul(weight(1 - share), a), tf.mul(weight(share), b));
  });
}
