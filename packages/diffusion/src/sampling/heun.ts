import { ConfigError, rejectUnknownOptions, requireNumber } from '@lab/core';
import { combine } from '../process/combine.ts';
import { type Formulation, mostNoiseOf } from '../process/formulation.ts';
import { type NoiseLevel, noiseToSignal } from '../process/noise-level.ts';
import { ddimStep } from './ddim.ts';
import { type Sampler, type StepContext, type StepResult, walk } from './sampler.ts';

/** Noise that is added before a step, and taken away again by it: Karras et al. 2022, Algorithm 2, with its letters. */
export interface Churn {
  /** The process, which has to have levels between those of the path. */
  readonly formulation: Formulation;
  /** S_churn, at least 0: how much, for the whole path. */
  readonly amount: number;
  /**
   * S_tmin: adds none below this `sigma / alpha`.
   *
   * @default 0
   */
  readonly from?: number;
  /**
   * S_tmax: adds none above this `sigma / alpha`.
   *
   * @default Infinity
   */
  readonly to?: number;
  /**
   * S_noise: standard deviation of the noise, in shares of what is right.
   *
   * @default 1
   */
  readonly scale?: number;
}

/** Options of `heun`. */
export interface HeunOptions {
  /** @default none: the way follows from the first noise alone */
  readonly churn?: Churn | undefined;
}

/**
 * Heun's second-order method: Karras et al. 2022, Algorithm 1, and with `churn` Algorithm 2. The ODE is that of `x / alpha` in
 * `sigma / alpha`. Each step asks the denoiser twice, but the last once, if the path ends at the picture.
 *
 * @throws ConfigError for an option out of its range; from the sampler, for a path that starts where nothing is left of
 *   the picture.
 */
export function heun(options: HeunOptions = {}): Sampler {
  rejectUnknownOptions('heun', options, ['churn']);
  const { churn } = options;
  if (churn !== undefined) requireChurn(churn);
  return (start) => {
    if (start.path[0]!.alpha === 0) {
      const expected = 'above 0 for heun: start below the last timestep, or take another sampler';
      throw new ConfigError({ field: "The first level's alpha", value: 0, expected });
    }
    const steps = start.path.length - 1;
    return walk(start, (context) => heunStep(raise(context, churn, steps)));
  };
}

/**
 * Lines 4 to 8 of Algorithm 1: an Euler step, which ends at `x0 + sigma / alpha epsilon`, and half of what the noise found there
 * differs by.
 */
function heunStep({ state, from, to, denoise }: Pick<StepContext, 'state' | 'from' | 'to' | 'denoise'>): StepResult {
  const here = denoise(state.xt, from);
  const euler = ddimStep(here, { from, to });
  if (to.sigma === 0) return { xt: euler, x0: here.x0 };
  const there = denoise(euler, to);
  const half = (to.alpha * (noiseToSignal(to) - noiseToSignal(from))) / 2;
  return { xt: combine([1, euler], [half, there.epsilon], [-half, here.epsilon]), x0: here.x0 };
}

/** Lines 4 to 6 of Algorithm 2: the same step from a higher level, with the noise that takes the pictures there. */
function raise(context: StepContext, churn: Churn | undefined, steps: number): StepContext {
  if (churn === undefined) return context;
  const { formulation, amount, from: least = 0, to: most = Infinity, scale = 1 } = churn;
  const { from, state } = context;
  const ratio = noiseToSignal(from);
  const gamma = ratio >= least && ratio <= most ? Math.min(amount / steps, Math.SQRT2 - 1) : 0;
  if (gamma === 0) return context;
  const raised: NoiseLevel = formulation.levelWith(Math.min(ratio * (1 + gamma), mostNoiseOf(formulation)));
  const std = scale * Math.sqrt(Math.max(0, noiseToSignal(raised) ** 2 - ratio ** 2));
  const xt = combine([raised.alpha / from.alpha, state.xt], [raised.alpha * std, context.drawNoise()]);
  return { ...context, from: raised, state: { ...state, xt } };
}

function requireChurn(churn: Churn): void {
  rejectUnknownOptions('churn', churn, ['formulation', 'amount', 'from', 'to', 'scale']);
  requireNumber('churn.amount', churn.amount, { min: 0 });
  requireNumber('churn.from', churn.from ?? 0, { min: 0 });
  if (churn.to !== undefined && churn.to !== Infinity) requireNumber('churn.to', churn.to, { min: 0 });
  requireNumber('churn.scale', churn.scale ?? 1, { min: 0 });
}
