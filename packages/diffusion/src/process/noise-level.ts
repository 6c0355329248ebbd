/** A place on the way from picture to noise: `xt = alpha x0 + sigma epsilon`, with epsilon standard normal. */
export interface NoiseLevel {
  /** What the network is told. */
  readonly t: number;
  /** What is left of the picture, 0 to 1. */
  readonly alpha: number;
  /** Standard deviation of the noise, at least 0. */
  readonly sigma: number;
}

/** Where every path ends: the picture itself. No network is told its `t`, NaN. */
export const clean: NoiseLevel = { t: NaN, alpha: 1, sigma: 0 };

/** `sigma / alpha`, from 0 to Infinity: the noise in a picture that has not been made fainter (Karras et al. 2022). */
export function noiseToSignal({ alpha, sigma }: NoiseLevel): number {
  return sigma / alpha;
}

/** `lambda = log(alpha / sigma)`, half the logarithm of the signal-to-noise ratio (Lu et al. 2022, section 2). */
export function halfLogSnr({ alpha, sigma }: NoiseLevel): number {
  return Math.log(alpha) - Math.log(sigma);
}

/**
 * Variance of `q(xs | xt, x0)`, where s is the less noisy of the two: `sigma_s^2 / sigma_t^2 (sigma_t^2 - (alpha_t / alpha_s)^2
 * sigma_s^2)`. For neighbouring timesteps it is Ho et al. 2020, equation 7; Kingma et al. 2021, equation 32, has it for any two.
 */
export function posteriorVariance(t: NoiseLevel, s: NoiseLevel): number {
  return (s.sigma / t.sigma) ** 2 * transitionVariance(t, s);
}

/** Variance of `q(xt | xs)`: the noise that comes in on the way from s to t; beta_t for neighbouring timesteps. */
export function transitionVariance(t: NoiseLevel, s: NoiseLevel): number {
  return Math.max(0, t.sigma ** 2 - ((t.alpha / s.alpha) * s.sigma) ** 2);
}
