import { rejectUnknownOptions, requireNumber, tf } from '@lab/core';
import { combine } from '../process/combine.ts';
import type { VarianceExploding } from '../process/variance-exploding.ts';
import { type Sampler, type StepContext, type StepResult, walk } from './sampler.ts';

/** Options of `predictorCorrector`. */
export interface PredictorCorrectorOptions {
  /**
   * Signal-to-noise ratio of a corrector's step, above 0.
   *
   * @default 0.16
   */
  readonly snr?: number;
}

/**
 * Euler-Maruyama on the reverse SDE, `x + g^2 score dt + g sqrt(dt) z`, without noise in the last step: Song et al. 2021,
 * "Score-based", equation 6. For a path of equal times (`linspace`). The last step is as long as the others, as in the
 * tutorials, and so goes past the picture by about as much noise as is left there.
 */
export function eulerMaruyama(process: VarianceExploding): Sampler {
  return (start) => walk(start, (context) => reverseStep(process, context));
}

/** A Langevin step at the same level before every step of `eulerMaruyama`: Song et al. 2021, "Score-based", Algorithms 2 and 4. */
export function predictorCorrector(process: VarianceExploding, options: PredictorCorrectorOptions = {}): Sampler {
  rejectUnknownOptions('predictorCorrector', options, ['snr']);
  const snr = requireNumber('snr', options.snr ?? 0.16, { above: 0 });
  return (start) =>
    walk(start, (context) => {
      const xt = langevinStep(context, snr);
      return reverseStep(process, { ...context, state: { ...context.state, xt } });
    });
}

function reverseStep(
  { noiseRate }: VarianceExploding,
  { state: { xt }, from, to, before, denoise, drawNoise }: StepContext,
): StepResult {
  const { x0, epsilon } = denoise(xt, from);
  const isLast = to.sigma === 0;
  const dt = isLast ? (before === undefined ? from.t : before.t - from.t) : from.t - to.t;
  const g = noiseRate(from.t);
  const mean = combine([1, xt], [(-(g ** 2) * dt) / from.sigma, epsilon]);
  return { xt: isLast ? mean : combine([1, mean], [g * Math.sqrt(dt), drawNoise()]), x0 };
}

/** `x + e score + sqrt(2e) z`, e such that the score's part is `snr` times as long as the noise's would be. */
function langevinStep({ state: { xt }, from, denoise, drawNoise }: StepContext, snr: number): tf.Tensor4D {
  const score = tf.div(denoise(xt, from).epsilon, -from.sigma) as tf.Tensor4D;
  const scoreNorm = tf.mean(tf.sqrt(tf.sum(tf.square(score), [1, 2, 3])));
  const noiseNorm = Math.sqrt(xt.size / xt.shape[0]);
  const e = tf.mul(2, tf.square(tf.div(snr * noiseNorm, scoreNorm)));
  return tf.add(tf.add(xt, tf.mul(e, score)), tf.mul(tf.sqrt(tf.mul(2, e)), drawNoise('corrector')));
}
