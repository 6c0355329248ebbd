import { ConfigError, rejectUnknownOptions, requireNumber } from '@lab/core';
import type { Formulation } from './formulation.ts';
import type { NoiseLevel } from './noise-level.ts';

/** Options of `edm`: table 1 of Karras et al. 2022, with its letters. */
export interface EdmOptions {
  /**
   * Standard deviation of the pictures' pixels, above 0. MNIST in [-1, 1] has .62.
   *
   * @default 0.5
   */
  readonly sigmaData?: number;
  /**
   * Noise of the last level that samplers visit, above 0.
   *
   * @default 0.002
   */
  readonly sigmaMin?: number;
  /**
   * Noise that samplers start from, above `sigmaMin`.
   *
   * @default 80
   */
  readonly sigmaMax?: number;
  /**
   * Mean of log sigma in training, P_mean.
   *
   * @default -1.2
   */
  readonly pMean?: number;
  /**
   * Standard deviation of log sigma in training, P_std, above 0.
   *
   * @default 1.2
   */
  readonly pStd?: number;
  /**
   * The network is told `timeScale ln(sigma) / 4`, above 0. The paper has 1; 1000 gives the waves of `unet` a range
   * like that of a thousand timesteps.
   *
   * @default 1000
   */
  readonly timeScale?: number;
}

const known = ['sigmaData', 'sigmaMin', 'sigmaMax', 'pMean', 'pStd', 'timeScale'];

/**
 * The design space's own process, `xt = x0 + sigma epsilon`: Karras et al. 2022, table 1, last column. The network sees `xt /
 * sqrt(sigma^2 + sigma_data^2)`, and its answer F stands for `x0 = c_skip xt + c_out F`. The loss of equation 8 with the weight
 * `1 / c_out^2` is the plain squared error of F.
 *
 * @throws ConfigError for an option out of its range.
 */
export function edm(options: EdmOptions = {}): Formulation {
  rejectUnknownOptions('edm', options, known);
  const sigmaData = requireNumber('sigmaData', options.sigmaData ?? 0.5, { above: 0 });
  const sigmaMin = requireNumber('sigmaMin', options.sigmaMin ?? 0.002, { above: 0 });
  const sigmaMax = requireNumber('sigmaMax', options.sigmaMax ?? 80, { above: sigmaMin });
  const pMean = requireNumber('pMean', options.pMean ?? -1.2);
  const pStd = requireNumber('pStd', options.pStd ?? 1.2, { above: 0 });
  const timeScale = requireNumber('timeScale', options.timeScale ?? 1000, { above: 0 });
  const timeOf = (sigma: number) => (timeScale * Math.log(sigma)) / 4;
  const levelWith = (sigma: number): NoiseLevel => ({ t: timeOf(requirePositive(sigma)), alpha: 1, sigma });
  return {
    name: 'edm',
    times: [timeOf(sigmaMin), timeOf(sigmaMax)],
    levelAt: (t) => levelWith(Math.exp((4 * t) / timeScale)),
    levelWith,
    inputScale: ({ sigma }) => 1 / Math.hypot(sigma, sigmaData),
    // F = (x0 - c_skip xt) / c_out, with xt taken apart.
    target: ({ sigma }) => {
      const total = Math.hypot(sigma, sigmaData);
      return { x0: sigma / (sigmaData * total), epsilon: -sigmaData / total };
    },
    weight: () => 1,
    drawLevels: (key, count) => Array.from(key.normalArray(count, pMean, pStd), (log) => levelWith(Math.exp(log))),
  };
}

function requirePositive(sigma: number): number {
  if (sigma > 0 && Number.isFinite(sigma)) return sigma;
  throw new ConfigError({ field: 'sigma', value: sigma, expected: 'a number above 0' });
}
