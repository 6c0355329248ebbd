import { rejectUnknownOptions, requireOneOf, type tf } from '@lab/core';
import { combine } from '../process/combine.ts';
import { posteriorVariance, transitionVariance } from '../process/noise-level.ts';
import { type Sampler, type Stretch, walk } from './sampler.ts';

/** Options of `ddpm`. */
export interface DdpmOptions {
  /**
   * Variance of the noise of a step: that of the posterior `q(xs | xt, x0)`, which is right if all pictures are the same,
   * or that of `q(xt | xs)`, right if they are standard normal (Ho et al. 2020, section 3.2).
   *
   * @default 'posterior'
   */
  readonly variance?: 'posterior' | 'transition';
}

/** Ancestral sampling: Ho et al. 2020, Algorithm 2. The last step adds no noise. */
export function ddpm(options: DdpmOptions = {}): Sampler {
  rejectUnknownOptions('ddpm', options, ['variance']);
  const variance = requireOneOf('variance', options.variance ?? 'posterior', ['posterior', 'transition']);
  const varianceOf = { posterior: posteriorVariance, transition: transitionVariance }[variance];
  return (start) =>
    walk(start, ({ state: { xt }, from, to, denoise, drawNoise }) => {
      const { x0 } = denoise(xt, from);
      const noise = to.sigma > 0 ? drawNoise() : undefined;
      return { xt: ddpmStep({ xt, x0, noise }, { from, to }, to.sigma > 0 ? varianceOf(from, to) : 0), x0 };
    });
}

/**
 * A draw of `q(xs | xt, x0)`, by its mean and a given variance: Ho et al. 2020, equations 6 and 7, for levels that need not
 * be neighbours (Kingma et al. 2021, equations 29 to 32).
 */
export function ddpmStep(
  { xt, x0, noise }: { readonly xt: tf.Tensor4D; readonly x0: tf.Tensor4D; readonly noise?: tf.Tensor4D | undefined },
  { from: t, to: s }: Stretch,
  variance = posteriorVariance(t, s),
): tf.Tensor4D {
  const ofXt = ((t.alpha / s.alpha) * s.sigma ** 2) / t.sigma ** 2;
  const ofX0 = (s.alpha * transitionVariance(t, s)) / t.sigma ** 2;
  return combine([ofXt, xt], [ofX0, x0], [Math.sqrt(variance), noise]);
}
