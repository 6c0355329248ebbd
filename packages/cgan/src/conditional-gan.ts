import type { Gan } from '@lab/gan';

/**
 * A GAN that paints the class it is asked for. It is trained by `trainGan` or `trainStep` of `@lab/gan`, with batches that
 * have labels.
 *
 * Mirza & Osindero 2014, "Conditional Generative Adversarial Nets", equation 2.
 */
export interface ConditionalGan extends Gan {
  /** Labels are integers from 0 to `classes - 1`. */
  readonly classes: number;
}
