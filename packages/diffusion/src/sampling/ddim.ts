import { rejectUnknownOptions, requireNumber, type tf } from '@lab/core';
import { combine } from '../process/combine.ts';
import { posteriorVariance } from '../process/noise-level.ts';
import type { Prediction } from '../process/prediction.ts';
import { type Sampler, type Stretch, walk } from './sampler.ts';

/** Options of `ddim` and `eulerAncestral`. */
export interface DdimOptions {
  /**
   * Standard deviation of the noise that a step adds, in shares of the posterior's; 0 to 1. With 0 the pictures follow from
   * the first noise alone; with 1 it is `ddpm`.
   *
   * @default 0; 1 for `eulerAncestral`
   */
  readonly eta?: number;
}

/** Denoising diffusion implicit models: Song et al. 2021, equation 12. */
export function ddim(options: DdimOptions = {}): Sampler {
  rejectUnknownOptions('ddim', options, ['eta']);
  const eta = requireNumber('eta', options.eta ?? 0, { min: 0, max: 1 });
  return (start) =>
    walk(start, ({ state: { xt }, from, to, denoise, drawNoise }) => {
      const prediction = denoise(xt, from);
      const noise = eta > 0 && to.sigma > 0 ? drawNoise() : undefined;
      return { xt: ddimStep(prediction, { from, to }, { eta, noise }), x0: prediction.x0 };
    });
}

/**
 * Ancestral sampling with Euler steps, as k-diffusion has it: in `x / alpha` an Euler step of the probability flow down to
 * `sigma_down`, and noise back up. What lies at the end of such a step is `x0 + sigma_down epsilon + sigma_up z`, which is
 * DDIM's update in other letters; only the paths that people use it with are others (`karras`).
 */
export function eulerAncestral(options: DdimOptions = {}): Sampler {
  return ddim({ ...options, eta: options.eta ?? 1 });
}

/** `alpha_s x0 + sqrt(sigma_s^2 - std^2) epsilon + std z`, with `std` = eta times the posterior's: Song et al. 2021, equations 12 and 16. */
export function ddimStep(
  { x0, epsilon }: Prediction,
  { from, to }: Stretch,
  { eta = 0, noise }: { readonly eta?: number; readonly noise?: tf.Tensor4D | undefined } = {},
): tf.Tensor4D {
  const std = eta * Math.sqrt(posteriorVariance(from, to));
  const towardsXt = Math.sqrt(Math.max(0, to.sigma ** 2 - std ** 2));
  return combine([to.alpha, x0], [towardsXt, epsilon], [std, noise]);
}
