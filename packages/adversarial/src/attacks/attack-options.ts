import { ConfigError, requireInteger, requireNumber, requireOneOf } from '@lab/core';
import type { Bounds, Pictures } from '../pictures.ts';
import { type Norm, normNames } from './norms.ts';

/** Options that every attack has. */
export interface AttackOptions {
  /**
   * The range of a pixel; no adversarial picture leaves it.
   *
   * @default [0, 1]
   */
  readonly bounds?: Bounds;
  /**
   * Pictures attacked at a time, at least 1: bounds the memory, changes no result beyond rounding.
   *
   * @default 128
   */
  readonly batchSize?: number;
}

/** Options of the attacks that spend a given budget: the perturbation's norm never exceeds `epsilon`. */
export interface FixedEpsilonOptions extends AttackOptions {
  /**
   * The budget, in units of a pixel's value: one for all pictures, or one for each. Above 0, and at most what `bounds`
   * allow (1 for `lInf` in [0, 1]; 28 for `l2` of a 28x28 picture).
   */
  readonly epsilon: number | ArrayLike<number>;
  /**
   * How the budget is measured.
   *
   * @default 'lInf'
   */
  readonly norm?: Norm;
}

/** Options of the attacks that spend it in steps. */
export interface IterativeOptions extends FixedEpsilonOptions {
  /**
   * At least 1.
   *
   * @default 10 (40 for `pgd`)
   */
  readonly steps?: number;
  /**
   * The norm of a step, above 0.
   *
   * @default 2.5 epsilon / steps (epsilon / steps for `miFgsm`)
   */
  readonly stepSize?: number;
}

export interface ResolvedAttackOptions {
  readonly bounds: Bounds;
  readonly batchSize: number;
}

export interface ResolvedFixedOptions extends ResolvedAttackOptions {
  /** One a picture. */
  readonly epsilon: Float32Array;
  readonly norm: Norm;
}

export const attackOptionNames = ['bounds', 'batchSize'] as const;
export const fixedOptionNames = [...attackOptionNames, 'epsilon', 'norm'] as const;
export const iterativeOptionNames = [...fixedOptionNames, 'steps', 'stepSize'] as const;

export function resolveAttackOptions({ bounds = [0, 1], batchSize = 128 }: AttackOptions): ResolvedAttackOptions {
  const min = requireNumber('The lower bound', bounds[0]);
  const max = requireNumber('The upper bound', bounds[1], { above: min });
  return { bounds: [min, max], batchSize: requireInteger('batchSize', batchSize, { min: 1 }) };
}

export function resolveFixedOptions(options: FixedEpsilonOptions, { data, shape }: Pictures): ResolvedFixedOptions {
  const resolved = resolveAttackOptions(options);
  const norm = requireOneOf('norm', options.norm ?? 'lInf', normNames);
  const width = resolved.bounds[1] - resolved.bounds[0];
  const max = norm === 'lInf' ? width : width * Math.sqrt(data.length / shape[0]!);
  return { ...resolved, norm, epsilon: resolveEpsilon(options.epsilon, shape[0]!, max) };
}

function resolveEpsilon(epsilon: number | ArrayLike<number>, count: number, max: number): Float32Array {
  if (typeof epsilon !== 'object') {
    return new Float32Array(count).fill(requireNumber('epsilon', epsilon, { above: 0, max }));
  }
  if (epsilon.length !== count) {
    throw new ConfigError({
      field: 'The number of epsilons',
      value: epsilon.length,
      expected: `${count} or one number`,
    });
  }
  return Float32Array.from(epsilon, (one, i) => requireNumber(`epsilon of picture ${i}`, one, { above: 0, max }));
}
