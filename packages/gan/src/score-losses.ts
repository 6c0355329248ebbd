import { tf } from '@lab/core';
import type { GanLoss } from './losses.ts';

/**
 * Least squares: D's score is to be 1 on real images and 0 on fake ones, G's aim is 1. A score that is far on the right
 * side is pulled back too, so that fakes far from the data keep a gradient.
 *
 * Mao et al. 2017, "Least Squares Generative Adversarial Networks", equation 2 with a = 0, b = c = 1 (their equation 9).
 */
export const leastSquares: GanLoss = {
  name: 'leastSquares',
  on: 'scores',
  discriminator: (real, fake) => tf.add(meanSquare(tf.sub(real, 1)), meanSquare(fake)),
  generator: (fake) => meanSquare(tf.sub(fake, 1)),
  slopes: {
    discriminator: (scores) => perRow(tf.sub(scores, bothSides(scores, 1, 0)), scores.shape[0]! / 2),
    generator: (scores) => perRow(tf.sub(scores, 1), scores.shape[0]!),
  },
};

/**
 * Hinge: D's score is to be above 1 on real images and below -1 on fake ones, and what is beyond counts no more; G raises
 * the score.
 *
 * Lim & Ye 2017, "Geometric GAN"; Miyato et al. 2018, "Spectral Normalization", equations 16 and 17.
 */
export const hinge: GanLoss = {
  name: 'hinge',
  on: 'scores',
  discriminator: (real, fake) => tf.add(tf.mean(tf.relu(tf.sub(1, real))), tf.mean(tf.relu(tf.add(1, fake)))),
  generator: (fake) => tf.neg(tf.mean(fake)),
  slopes: {
    discriminator: (scores) => {
      const sides = bothSides(scores, -1, 1);
      return perRow(tf.mul(sides, tf.step(tf.add(1, tf.mul(sides, scores)))), scores.shape[0]! / 2);
    },
    generator: raise,
  },
};

/**
 * Wasserstein: D, a critic, spreads its mean scores of real and fake images apart, as far as its slope is kept in bounds:
 * add `gradientPenalty()`, and give the critic more steps than G (`dSteps`). Minus D's loss then estimates the distance.
 *
 * Arjovsky et al. 2017, "Wasserstein GAN", equations 2 and 3.
 */
export const wasserstein: GanLoss = {
  name: 'wasserstein',
  on: 'scores',
  discriminator: (real, fake) => tf.sub(tf.mean(fake), tf.mean(real)),
  generator: (fake) => tf.neg(tf.mean(fake)),
  slopes: {
    discriminator: (scores) => perRow(bothSides(scores, -1, 1), scores.shape[0]! / 2),
    generator: raise,
  },
};

/** Half the mean square. */
function meanSquare(scores: tf.Tensor): tf.Scalar {
  return tf.div(tf.mean(tf.square(scores)), 2);
}

function raise(scores: tf.Tensor): tf.Tensor {
  return tf.fill(scores.shape, -1 / scores.shape[0]!);
}

/** One number for the first half of the rows, the real images', and one for the second. */
function bothSides({ shape }: tf.Tensor, real: number, fake: number): tf.Tensor {
  const m = shape[0]! / 2;
  return tf.tensor(new Float32Array(2 * m).fill(real, 0, m).fill(fake, m), shape);
}

function perRow(slopes: tf.Tensor, m: number): tf.Tensor {
  return tf.div(slopes, m);
}
