import { ConfigError } from './errors.ts';
import type { NamedTensors } from './named-tensors.ts';
import { requireNumber } from './option-checks.ts';
import type * as tf from './tf.js';

/** A number, or a function from the step (1 for the first update) to it. */
export type Schedule = number | ((step: number) => number);

/** How an optimiser's state is put back. */
export interface RestoreOptions {
  /**
   * What the state came from, for error messages.
   *
   * @default 'optimiser state'
   */
  readonly source?: string;
  /**
   * The variables that will be updated, in their order; if given, shapes are checked before anything is changed,
   * otherwise at the next `apply`.
   *
   * @default none
   */
  readonly variables?: readonly tf.Variable[];
}

/**
 * One update rule and its slots. Slots belong to positions in the list of variables: pass the same variables in the
 * same order each time.
 */
export interface Optimizer {
  readonly name: string;
  /** Updates made so far; part of the state. */
  readonly step: number;
  /**
   * Updates every variable once. Gradients stay the caller's to dispose.
   *
   * @param gradients By variable name, as `tf.variableGrads` returns them (`grads`).
   * @param variables Those to update, float32.
   * @throws ConfigError if a gradient is missing or the number of variables changed; nothing is updated then.
   */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, variables: readonly tf.Variable[]): void;
  /** A copy on the host of all that a resumed run needs: slots by position, and `step` (I32, shape []). */
  state(): Promise<NamedTensors>;
  /**
   * Puts a state back. All of it is checked before anything is changed.
   *
   * @throws CheckpointError naming the tensor at fault.
   */
  restore(state: NamedTensors, options?: RestoreOptions): void;
  /** Frees the slots. The next `apply` starts with fresh ones. */
  dispose(): void;
}

/** The schedule's value at a step. @throws ConfigError if it isn't a finite number of at least `min`. */
export function scheduled(field: string, schedule: Schedule, step: number, min = 0): number {
  if (typeof schedule === 'number') return schedule;
  return requireNumber(`${field} at step ${step}`, schedule(step), { min });
}

/** @throws ConfigError unless a schedule is a function or a number in the range. */
export function requireSchedule(field: string, schedule: unknown, range: { min?: number; below?: number }): Schedule {
  return typeof schedule === 'function' ? (schedule as Schedule) : requireNumber(field, schedule, range);
}

/** The gradients in the order of the variables. @throws ConfigError if one is missing. */
export function gradientsInOrder(
  gradients: Readonly<Record<string, tf.Tensor>>,
  variables: readonly tf.Variable[],
): tf.Tensor[] {
  return variables.map((variable) => {
    const gradient = gradients[variable.name];
    if (gradient !== undefined && gradient !== null) return gradient;
    const expected = 'a tensor: the loss must depend on every variable that is updated';
    throw new ConfigError({ field: `The gradient of '${variable.name}'`, value: gradient, expected });
  });
}
