import { rejectUnknownOptions, requireNumber, requireOneOf, type tf } from '@lab/core';
import { combine } from '../process/combine.ts';
import { halfLogSnr } from '../process/noise-level.ts';
import { type Sampler, type Stretch, walk } from './sampler.ts';

/** Options of `dpmSolver`. */
export interface DpmSolverOptions {
  /**
   * 1, or 2: the step before tells how the pictures change (2M, "multistep").
   *
   * @default 2
   */
  readonly order?: 1 | 2;
  /**
   * How much of it is the reverse SDE, 0 to 1: 0 is the ODE, DPM-Solver++(2M), and 1 SDE-DPM-Solver++(2M).
   *
   * @default 0
   */
  readonly eta?: number;
}

/**
 * DPM-Solver++: Lu et al. 2022, "DPM-Solver++", Algorithm 2, and section 5 for the SDE; between the two as k-diffusion's
 * `sample_dpmpp_2m_sde` has it. One call of the denoiser a step. The first step, and a last one to the picture itself, are of
 * first order.
 */
export function dpmSolver(options: DpmSolverOptions = {}): Sampler {
  rejectUnknownOptions('dpmSolver', options, ['order', 'eta']);
  const order = Number(requireOneOf('order', String(options.order ?? 2), ['1', '2']));
  const eta = requireNumber('eta', options.eta ?? 0, { min: 0, max: 1 });
  return (start) =>
    walk(start, ({ state, from, to, before, denoise, drawNoise }) => {
      const { x0 } = denoise(state.xt, from);
      const noise = eta > 0 && to.sigma > 0 ? drawNoise() : undefined;
      const levels = { from, to, before: order === 2 ? before : undefined };
      return { xt: dpmSolverStep({ xt: state.xt, x0, x0Before: state.x0, noise }, levels, eta), x0 };
    });
}

/** What a step is made of: the pictures, what they are taken for now and in the step before, and noise. */
export interface DpmSolverInput {
  readonly xt: tf.Tensor4D;
  readonly x0: tf.Tensor4D;
  readonly x0Before?: tf.Tensor4D | undefined;
  readonly noise?: tf.Tensor4D | undefined;
}

/**
 * `sigma_s / sigma_t e^(-eta h) xt + alpha_s (1 - e^(-h - eta h)) D + sigma_s sqrt(1 - e^(-2 eta h)) z` with h = lambda_s -
 * lambda_t and `D = x0 + (x0 - x0Before) / 2r`, r the last h over this one. First order without `before`.
 */
export function dpmSolverStep(
  { xt, x0, x0Before, noise }: DpmSolverInput,
  { from, to, before }: Stretch,
  eta = 0,
): tf.Tensor4D {
  const h = halfLogSnr(to) - halfLogSnr(from);
  // 0 times the infinite h of a step from nothing but noise, or to the picture itself, is 0 here.
  const etaH = eta === 0 ? 0 : eta * h;
  const ofXt = (to.sigma / from.sigma) * Math.exp(-etaH);
  const ofPicture = -to.alpha * Math.expm1(-h - etaH);
  const std = to.sigma * Math.sqrt(-Math.expm1(-2 * etaH));
  const change = before === undefined ? 0 : slope(h, halfLogSnr(from) - halfLogSnr(before));
  return combine([ofXt, xt], [ofPicture * (1 + change), x0], [-ofPicture * change, x0Before], [std, noise]);
}

/** `1 / 2r`. To the picture itself h is infinite: no slope reaches that far. From nothing but noise the last h is. */
function slope(h: number, lastH: number): number {
  return Number.isFinite(h) ? h / lastH / 2 : 0;
}
