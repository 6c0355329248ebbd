import { ConfigError, rejectUnknownOptions, requireBoolean, requireInteger, requireOneOf } from '@lab/core';
import { cosineBetas, linearBetas, sigmoidBetas } from './betas.ts';

/**
 * The tables of a process of T discrete steps, float64 on the host. Index t counts from 0 (least noise) to T - 1, where
 * the papers count from 1.
 */
export interface NoiseSchedule {
  /** T. */
  readonly timesteps: number;
  /** Variance of the noise that step t adds, `[T]`. */
  readonly betas: Float64Array;
  /** Products of all `1 - beta` up to t, `[T]`: the square of what is left of the picture. */
  readonly alphasCumprod: Float64Array;
  /** Variance of `q(x_(t-1) | xt, x0)`, `[T]`, 0 at t = 0: Ho et al. 2020, equation 7. */
  readonly posteriorVariance: Float64Array;
}

/** Options of `noiseSchedule`. */
export interface NoiseScheduleOptions {
  /** @default 'cosine' */
  readonly kind?: NoiseScheduleKind;
  /**
   * T, at least 2; more than 20 for `linear`.
   *
   * @default 1000
   */
  readonly timesteps?: number;
  /**
   * Whether to stretch it until nothing is left of the picture at the last timestep, where sampling starts; without it
   * the network has never seen the pure noise that it is given then. Needs the prediction 'v' or 'x0'.
   *
   * @default false
   */
  readonly zeroTerminalSnr?: boolean;
}

const kinds = { linear: linearBetas, cosine: cosineBetas, sigmoid: sigmoidBetas } as const;

export type NoiseScheduleKind = keyof typeof kinds;

/**
 * The tables of one of the known schedules.
 *
 * @throws ConfigError for an option out of its range.
 */
export function noiseSchedule(options: NoiseScheduleOptions = {}): NoiseSchedule {
  rejectUnknownOptions('noiseSchedule', options, ['kind', 'timesteps', 'zeroTerminalSnr']);
  const kind = requireOneOf('kind', options.kind ?? 'cosine', Object.keys(kinds) as NoiseScheduleKind[]);
  const timesteps = requireInteger('timesteps', options.timesteps ?? 1000, { min: 2 });
  const betas = kinds[kind](timesteps);
  const isStretched = requireBoolean('zeroTerminalSnr', options.zeroTerminalSnr ?? false);
  return scheduleOf(isStretched ? stretchToZeroSnr(betas) : betas);
}

/**
 * The tables of a schedule of one's own.
 *
 * @param betas At least two, each above 0 and at most 1, and only the last one 1.
 * @throws ConfigError for any others.
 */
export function scheduleOf(betas: ArrayLike<number>): NoiseSchedule {
  requireInteger('The number of betas', betas.length, { min: 2 });
  const checked = Float64Array.from(betas, (beta, t) => requireBeta(beta, t, betas.length));
  const alphasCumprod = cumulativeProducts(checked.map((beta) => 1 - beta));
  const posteriorVariance = checked.map((beta, t) => {
    const before = t === 0 ? 1 : alphasCumprod[t - 1]!;
    return ((1 - before) / (1 - alphasCumprod[t]!)) * beta;
  });
  return { timesteps: checked.length, betas: checked, alphasCumprod, posteriorVariance };
}

/**
 * Shifts and scales `sqrt(alphasCumprod)` so that the last is 0 and the first as before: Lin et al. 2024, Algorithm 1.
 *
 * @returns Betas; the last is 1.
 */
export function stretchToZeroSnr(betas: Float64Array): Float64Array {
  const roots = cumulativeProducts(betas.map((beta) => 1 - beta)).map(Math.sqrt);
  const [first, last] = [roots[0]!, roots.at(-1)!];
  const alphasCumprod = roots.map((root) => (((root - last) * first) / (first - last)) ** 2);
  return alphasCumprod.map((product, t) => 1 - product / (t === 0 ? 1 : alphasCumprod[t - 1]!));
}

function cumulativeProducts(factors: Float64Array): Float64Array {
  let product = 1;
  return factors.map((factor) => (product *= factor));
}

function requireBeta(beta: number, t: number, timesteps: number): number {
  const isLast = t === timesteps - 1;
  if (beta > 0 && (beta < 1 || (isLast && beta === 1))) return beta;
  const expected = `above 0 and ${isLast ? 'at most' : 'below'} 1`;
  throw new ConfigError({ field: `The beta of timestep ${t} of ${timesteps}`, value: beta, expected });
}
