import { rejectUnknownOptions, requireNumber } from '@lab/core';
import type { Formulation } from './formulation.ts';
import type { NoiseLevel } from './noise-level.ts';

/** A process that only adds noise: `dx = g(t) dw` on times 0 to 1. */
export interface VarianceExploding extends Formulation {
  /** g(t), how fast noise comes in: `sigma^t`. */
  noiseRate(t: number): number;
}

/** Options of `varianceExploding`. */
export interface VarianceExplodingOptions {
  /**
   * g at t = 1, above 1.
   *
   * @default 25
   */
  readonly sigma?: number;
  /**
   * The time that samplers end at, above 0 and below 1.
   *
   * @default 0.001
   */
  readonly end?: number;
}

/** Least time in training: at 0 there is no noise to find. */
const leastTime = 1e-5;

/**
 * The score model that many tutorials train on MNIST: `dx = sigma^t dw`, whose noise has the standard deviation `sqrt((sigma^2t -
 * 1) / (2 ln sigma))` (Song et al. 2021, "Score-based generative modeling through SDEs", and its authors' tutorial). The network
 * answers the score times that deviation, which is minus the noise: their network divides by it at its end, and their loss
 * multiplies by it again. Their loss is a sum over pixels; ours is the mean.
 *
 * @throws ConfigError for an option out of its range.
 */
export function varianceExploding(options: VarianceExplodingOptions = {}): VarianceExploding {
  rejectUnknownOptions('varianceExploding', options, ['sigma', 'end']);
  const sigma = requireNumber('sigma', options.sigma ?? 25, { above: 1 });
  const end = requireNumber('end', options.end ?? 1e-3, { above: 0, below: 1 });
  const twoLog = 2 * Math.log(sigma);
  const levelAt = (t: number): NoiseLevel => {
    requireNumber('A time', t, { above: 0, max: 1 });
    return { t, alpha: 1, sigma: Math.sqrt(Math.expm1(twoLog * t) / twoLog) };
  };
  return {
    name: 'varianceExploding',
    times: [end, 1],
    levelAt,
    // Rounding may take the time of the last level just past 1.
    levelWith: (ratio) => {
      const t = Math.log1p(twoLog * ratio ** 2) / twoLog;
      return levelAt(Math.abs(t - 1) < 1e-12 ? 1 : t);
    },
    inputScale: () => 1,
    target: () => ({ x0: 0, epsilon: -1 }),
    weight: () => 1,
    drawLevels: (key, count) => Array.from(key.uniformArray(count), (u) => levelAt(leastTime + (1 - leastTime) * u)),
    noiseRate: (t) => sigma ** t,
  };
}
