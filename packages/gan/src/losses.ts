import { requireOneOf, tf } from '@lab/core';
import { hasKernel } from './has-kernel.ts';
import { hinge, leastSquares, wasserstein } from './score-losses.ts';

/**
 * What the two players minimise. `discriminator` is given D on a minibatch of m real and m fake images, `generator` D
 * on m fake ones: column vectors `[m, 1]`, probabilities, logits or scores as `on` says. Both return a scalar to be
 * *minimised*.
 *
 * An object of this type is all that a loss of one's own needs; `slopes` only saves time.
 */
export interface GanLoss {
  readonly name: string;
  /**
   * Whether the loss reads D's probability that an image is real, in (0, 1), its logit, any real number, or a score, any
   * real number that is no logit of anything.
   */
  readonly on: 'probabilities' | 'logits' | 'scores';
  discriminator(real: tf.Tensor, fake: tf.Tensor): tf.Scalar;
  generator(fake: tf.Tensor): tf.Scalar;
  /** The derivatives in closed form, which spare the train step a tape. */
  readonly slopes?: LossSlopes;
}

/** Derivatives of a loss on logits or scores, of the shape of what they are given. */
export interface LossSlopes {
  /** Of `discriminator`; `logits` `[2m, 1]` has D on the m real images first. */
  discriminator(logits: tf.Tensor): tf.Tensor;
  /** Of `generator`; `logits` is `[m, 1]`. */
  generator(logits: tf.Tensor): tf.Tensor;
}

/**
 * The game as it is written: D ascends mean(log D(x) + log(1 - D(G(z)))), G descends mean(log(1 - D(G(z)))).
 * Computed from probabilities, so it becomes infinite, and its gradient NaN, once a float32 D(x) rounds to 0 or
 * D(G(z)) to 1. `minimaxLogits` is the same game without that end.
 *
 * Goodfellow et al. 2014, equation 1 and Algorithm 1.
 */
export const minimax: GanLoss = {
  name: 'minimax',
  on: 'probabilities',
  discriminator: (real, fake) => tf.neg(tf.add(meanLog(real), meanLog(complement(fake)))),
  generator: (fake) => meanLog(complement(fake)),
};

/**
 * The pair that practice prefers, and that most "original GAN" code has: D as in `minimax`, while G ascends
 * mean(log D(G(z))). Computed from probabilities.
 *
 * Goodfellow et al. 2014, section 3, last paragraph.
 */
export const nonSaturating: GanLoss = {
  name: 'nonSaturating',
  on: 'probabilities',
  discriminator: minimax.discriminator,
  generator: (fake) => tf.neg(meanLog(fake)),
};

/**
 * `nonSaturating` computed from logits: sigmoid cross-entropy against ones (real images, and G's) and zeros (D's fake
 * ones). With D = sigmoid(l), -log D = softplus(-l) and -log(1 - D) = softplus(l), which are finite for every l.
 */
export const logistic: GanLoss = {
  name: 'logistic',
  on: 'logits',
  discriminator: (real, fake) => tf.add(meanSoftplus(tf.neg(real)), meanSoftplus(fake)),
  generator: (fake) => meanSoftplus(tf.neg(fake)),
  slopes: {
    discriminator: (logits) => crossEntropySlope(logits, rows(logits) / 2),
    generator: (logits) => crossEntropySlope(logits, rows(logits)),
  },
};

/** `minimax` computed from logits: the same objective and gradients, finite for every logit. */
export const minimaxLogits: GanLoss = {
  name: 'minimaxLogits',
  on: 'logits',
  discriminator: logistic.discriminator,
  generator: (fake) => tf.neg(meanSoftplus(fake)),
  slopes: {
    discriminator: logistic.slopes!.discriminator,
    generator: (logits) => tf.div(tf.sigmoid(logits), -rows(logits)),
  },
};

/** Every loss of this package by name. */
export const losses = {
  minimax,
  minimaxLogits,
  nonSaturating,
  logistic,
  leastSquares,
  hinge,
  wasserstein,
} as const;

export type GanLossName = keyof typeof losses;

/** @throws ConfigError, which lists the valid names with the nearest first, for any other name. */
export function ganLoss(name: string): GanLoss {
  return losses[requireOneOf('loss', name, Object.keys(losses) as GanLossName[])];
}

function meanLog(probabilities: tf.Tensor): tf.Scalar {
  return tf.mean(tf.log(probabilities));
}

function complement(probabilities: tf.Tensor): tf.Tensor {
  return tf.sub(1, probabilities);
}

function meanSoftplus(logits: tf.Tensor): tf.Scalar {
  return tf.mean(tf.softplus(logits));
}

/**
 * (D - label) / m, the label being 1 for the first m rows and 0 for the others; one call where the backend has the kernel
 * `SigmoidCrossEntropyGrad`.
 */
function crossEntropySlope(logits: tf.Tensor, m: number): tf.Tensor {
  if (hasKernel('SigmoidCrossEntropyGrad')) {
    return tf.engine().runKernel('SigmoidCrossEntropyGrad', { logits }, { ones: m, count: m }) as tf.Tensor;
  }
  const labels = tf.tensor(new Float32Array(logits.size).fill(1, 0, m), logits.shape);
  return tf.div(tf.sub(tf.sigmoid(logits), labels), m);
}

function rows(tensor: tf.Tensor): number {
  return tensor.shape[0]!;
}
