import { tf } from '@lab/core';
import { combine } from './combine.ts';
import type { NoiseLevel } from './noise-level.ts';

/** What is believed of noisy pictures, both of their shape: `xt = alpha x0 + sigma epsilon`. */
export interface Prediction {
  /** The pictures without the noise. */
  readonly x0: tf.Tensor4D;
  /** The noise. */
  readonly epsilon: tf.Tensor4D;
}

/** What a network is asked for at some level, as a sum: `x0` times the picture plus `epsilon` times the noise. */
export interface Target {
  readonly x0: number;
  readonly epsilon: number;
}

/**
 * The three predictions in use: the noise (Ho et al. 2020), the picture, and the velocity `v = alpha epsilon - sigma x0`
 * (Salimans & Ho 2022, section 4).
 */
export const targets = {
  epsilon: (): Target => ({ x0: 0, epsilon: 1 }),
  x0: (): Target => ({ x0: 1, epsilon: 0 }),
  v: ({ alpha, sigma }: NoiseLevel): Target => ({ x0: -sigma, epsilon: alpha }),
} as const;

/** What the network is asked for. */
export type PredictionType = keyof typeof targets;

/**
 * Picture and noise from a network's answer, whatever it was asked for: the solution of `xt = alpha x0 + sigma epsilon` and
 * `answer = target.x0 x0 + target.epsilon epsilon`.
 *
 * @param xt Noisy pictures at `level`, `[B, H, W, C]`.
 * @param answer Of their shape.
 */
export function predictionOf(xt: tf.Tensor4D, answer: tf.Tensor4D, level: NoiseLevel, target: Target): Prediction {
  const { alpha, sigma } = level;
  const determinant = alpha * target.epsilon - sigma * target.x0;
  return {
    x0: combine([target.epsilon / determinant, xt], [-sigma / determinant, answer]),
    epsilon: combine([alpha / determinant, answer], [-target.x0 / determinant, xt]),
  };
}

/** What a network that believes `prediction` would have answered to `target`; the inverse of `predictionOf`. */
export function answerOf({ x0, epsilon }: Prediction, target: Target): tf.Tensor4D {
  return combine([target.x0, x0], [target.epsilon, epsilon]);
}

/** The prediction with its pictures held within [min, max], and the noise that then is left of `xt`. */
export function clipPrediction(
  xt: tf.Tensor4D,
  { x0 }: Prediction,
  { alpha, sigma }: NoiseLevel,
  [min, max]: readonly [number, number],
): Prediction {
  const clipped = tf.clipByValue(x0, min, max);
  return { x0: clipped, epsilon: combine([1 / sigma, xt], [-alpha / sigma, clipped]) };
}
