import { type Pictures, slicePictures } from '../pictures.ts';
import { type PerturbationNorms, perturbationNorms } from './norms.ts';

/**
 * What an attack may spend. `fixedEpsilon`: a given budget, and it aims at the most confident success within it.
 * `minimal`: as little as possible, and it aims at the nearest picture that succeeds. `unbounded`: only the pixels' bounds.
 * The figures of one mode can't be compared with those of another.
 */
export type AttackMode = 'fixedEpsilon' | 'minimal' | 'unbounded';

/** What became of every picture, in their order. */
export interface AttackResult {
  readonly mode: AttackMode;
  /** `[N, height, width, channels]`, within the bounds, whether the attack succeeded or not. */
  readonly adversarial: Pictures;
  /** adversarial - original. */
  readonly perturbation: Pictures;
  /** Whether `adversarial` meets the criterion. */
  readonly success: readonly boolean[];
  /** Of the perturbations. */
  readonly norms: PerturbationNorms;
  /** Steps until the criterion was first met: 0 if it was from the start, undefined if it never was. */
  readonly stepsToSuccess: readonly (number | undefined)[];
  /** For each picture the probability of the criterion's class before the first step and after each. */
  readonly confidence: readonly Float32Array[];
}

/** One picture's part of a result. */
export interface Attempt {
  readonly adversarial: Float32Array;
  readonly success: boolean;
  readonly stepsToSuccess: number | undefined;
  readonly confidence: Float32Array;
}

/** Puts the attempts in line. */
export function resultOf(mode: AttackMode, originals: Pictures, attempts: readonly Attempt[]): AttackResult {
  const { data, shape } = originals;
  const size = data.length / attempts.length;
  const adversarial = new Float32Array(data.length);
  attempts.forEach((attempt, i) => adversarial.set(attempt.adversarial, i * size));
  const perturbation = adversarial.map((value, i) => value - data[i]!);
  return {
    mode,
    adversarial: { data: adversarial, shape },
    perturbation: { data: perturbation, shape },
    success: attempts.map(({ success }) => success),
    norms: perturbationNorms(perturbation, attempts.length),
    stepsToSuccess: attempts.map(({ stepsToSuccess }) => stepsToSuccess),
    confidence: attempts.map(({ confidence }) => confidence),
  };
}

/** The inverse of `resultOf` for one picture. */
export function attemptAt({ adversarial, success, stepsToSuccess, confidence }: AttackResult, i: number): Attempt {
  return {
    adversarial: slicePictures(adversarial, i, i + 1).data,
    success: success[i]!,
    stepsToSuccess: stepsToSuccess[i],
    confidence: confidence[i]!,
  };
}
