import { type RandomKey, rejectUnknownOptions, requireInteger, requireNumber, tf } from '@lab/core';

/** What a penalty on D is worked out from. */
export interface PenaltyInputs {
  /** D's logits or scores `[m, 1]` for images, to be differentiated. */
  readonly critic: (images: tf.Tensor) => tf.Tensor;
  /** `[m, height, width, channels]`. */
  readonly real: tf.Tensor;
  /** G(z), of the same shape; a constant. */
  readonly fake: tf.Tensor;
  /** Decides whatever the penalty draws. */
  readonly key: RandomKey;
}

/** A term that is added to D's loss, and that D's weights are differentiated through. */
export interface Penalty {
  readonly name: string;
  /**
   * D's steps from one that the penalty is added in to the next.
   *
   * @default 1
   */
  readonly every?: number;
  value(inputs: PenaltyInputs): tf.Scalar;
}

/** Options of `gradientPenalty`. */
export interface GradientPenaltyOptions {
  /**
   * The factor lambda, at least 0.
   *
   * @default 10
   */
  readonly weight?: number;
  /**
   * The slope that D is held to, at least 0.
   *
   * @default 1
   */
  readonly slope?: number;
}

/** Options of `r1`. */
export interface R1Options {
  /**
   * The factor gamma, at least 0.
   *
   * @default 10
   */
  readonly gamma?: number;
  /**
   * Adds `every` times the penalty, in every so many of D's steps only, at least 1: the same on average, for less work
   * (Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN", section 3.1).
   *
   * @default 1
   */
  readonly every?: number;
}

/**
 * WGAN-GP: weight * mean((|dD/dx| - slope)^2) at points drawn uniformly on the lines between real and fake images, one a
 * pair. It goes with the loss `wasserstein`, and with a D without batch normalisation.
 *
 * Gulrajani et al. 2017, "Improved Training of Wasserstein GANs", equation 3 and Algorithm 1.
 *
 * @throws ConfigError for an option out of its range.
 */
export function gradientPenalty(options: GradientPenaltyOptions = {}): Penalty {
  rejectUnknownOptions('gradientPenalty', options, ['weight', 'slope']);
  const weight = requireNumber('weight', options.weight ?? 10, { min: 0 });
  const slope = requireNumber('slope', options.slope ?? 1, { min: 0 });
  return {
    name: 'gradientPenalty',
    value: ({ critic, real, fake, key }) => {
      const share = key.uniform([real.shape[0]!, 1, 1, 1]);
      const between = tf.add(fake, tf.mul(share, tf.sub(real, fake)));
      // The root's own slope at 0 is infinite; 1e-12 moves a length of 1 by less than float32 can tell.
      const lengths = tf.sqrt(tf.add(squaredSlopes(critic, between), 1e-12));
      return tf.mul(weight, tf.mean(tf.square(tf.sub(lengths, slope))));
    },
  };
}

/**
 * R1: gamma / 2 * mean(|dD/dx|^2) at the real images, with which a GAN converges where the data lie on a thin set, as
 * pictures do. It goes with the loss `logistic`.
 *
 * Mescheder et al. 2018, "Which Training Methods for GANs do actually Converge?", equation 9.
 *
 * @throws ConfigError for an option out of its range.
 */
export function r1(options: R1Options = {}): Penalty {
  rejectUnknownOptions('r1', options, ['gamma', 'every']);
  const gamma = requireNumber('gamma', options.gamma ?? 10, { min: 0 });
  const every = requireInteger('every', options.every ?? 1, { min: 1 });
  return {
    name: 'r1',
    every,
    value: ({ critic, real }) => tf.mul((every * gamma) / 2, tf.mean(squaredSlopes(critic, real))),
  };
}

/** |dD/dx|^2 for each image, `[m]`. */
function squaredSlopes(critic: PenaltyInputs['critic'], images: tf.Tensor): tf.Tensor {
  // A sum over the batch: an image's score depends on no other image, so each gets its own derivative.
  const slopes = tf.grad((x: tf.Tensor) => tf.sum(critic(x)))(images);
  return tf.sum(tf.square(tf.reshape(slopes, [images.shape[0]!, -1])), 1);
}
