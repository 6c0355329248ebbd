import {
  ConfigError,
  type RandomKey,
  rejectUnknownOptions,
  requireInteger,
  requireNumber,
  requireOneOf,
} from '@lab/core';
import type { Formulation } from './formulation.ts';
import { predictionWeight } from './min-snr.ts';
import type { NoiseLevel } from './noise-level.ts';
import { type NoiseSchedule, noiseSchedule } from './noise-schedule.ts';
import { type PredictionType, targets } from './prediction.ts';

/** Options of `variancePreserving`. */
export interface VariancePreservingOptions {
  /** @default noiseSchedule(): cosine, 1000 timesteps */
  readonly schedule?: NoiseSchedule;
  /**
   * What the network is asked for.
   *
   * @default 'epsilon'
   */
  readonly prediction?: PredictionType;
  /**
   * gamma of the min-SNR weighting, above 0: levels of a higher signal-to-noise ratio count as if they had this one. The
   * paper has 5.
   *
   * @default none: every squared error counts as much
   */
  readonly minSnr?: number | undefined;
}

/**
 * Denoising diffusion in discrete steps, `alpha^2 + sigma^2 = 1`: Ho et al. 2020. The network is told the timestep, 0 to
 * T - 1, which is drawn uniformly in training.
 *
 * @throws ConfigError for an option out of its range, and for the prediction 'epsilon' where nothing is left of the picture
 *   at the last timestep: all is noise there, and knowing it says nothing of the picture.
 */
export function variancePreserving(options: VariancePreservingOptions = {}): Formulation {
  rejectUnknownOptions('variancePreserving', options, ['schedule', 'prediction', 'minSnr']);
  const { schedule = noiseSchedule(), minSnr } = options;
  const names = Object.keys(targets) as PredictionType[];
  const prediction = requireOneOf('prediction', options.prediction ?? 'epsilon', names);
  if (minSnr !== undefined) requireNumber('minSnr', minSnr, { above: 0 });
  const last = schedule.timesteps - 1;
  if (prediction === 'epsilon' && schedule.alphasCumprod[last] === 0) {
    const expected = `'v' or 'x0' with a schedule whose last signal-to-noise ratio is zero`;
    throw new ConfigError({ field: 'prediction', value: prediction, expected });
  }
  const levels = Array.from(schedule.alphasCumprod, (product, t) => levelOf(t, product));
  return {
    name: 'variancePreserving',
    times: [0, last],
    timesteps: schedule.timesteps,
    levelAt: (t) => levels[requireInteger('A timestep', t, { min: 0, max: last })]!,
    levelWith: (ratio) => levelBetween(levels, ratio),
    inputScale: () => 1,
    target: targets[prediction],
    weight: (level) => (minSnr === undefined ? 1 : predictionWeight(level, prediction, minSnr)),
    drawLevels: (key: RandomKey, count) => Array.from(key.integers(count, 0, last), (t) => levels[t]!),
  };
}

function levelOf(t: number, alphasCumprod: number): NoiseLevel {
  return { t, alpha: Math.sqrt(alphasCumprod), sigma: Math.sqrt(1 - alphasCumprod) };
}

/** Between two timesteps t is linear in the logarithm of `sigma / alpha`, as Karras et al. 2022's samplers need it. */
function levelBetween(levels: readonly NoiseLevel[], ratio: number): NoiseLevel {
  const at = (t: number) => Math.log(levels[t]!.sigma / levels[t]!.alpha);
  const finite = levels.at(-1)!.alpha > 0 ? levels.length - 1 : levels.length - 2;
  // Limits that were computed from the levels themselves come back with a rounding error.
  const slack = 1e-9;
  const wanted = Math.log(ratio);
  requireNumber('sigma / alpha', ratio, { min: Math.exp(at(0) - slack), max: Math.exp(at(finite) + slack) });
  const above = Math.max(
    1,
    levels.findIndex((_, t) => t === finite || at(t) >= wanted),
  );
  const share = Math.min(1, Math.max(0, (wanted - at(above - 1)) / (at(above) - at(above - 1))));
  const alpha = 1 / Math.hypot(1, ratio);
  return { t: above - 1 + share, alpha, sigma: ratio * alpha };
}
