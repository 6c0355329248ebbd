import { rejectUnknownOptions, requireInteger, requireNumber } from '@lab/core';
import { type Pictures, takePictures } from '../pictures.ts';
import type { Predict } from '../predict.ts';
import type { FixedEpsilonOptions } from './attack-options.ts';
import { type AttackResult, type Attempt, attemptAt, resultOf } from './attack-result.ts';
import type { Criterion } from './criterion.ts';

/** An attack that spends a budget, such as `fgsm`, or `pgd` with some options of its own filled in. */
export type FixedEpsilonAttack = (
  predict: Predict,
  images: Pictures,
  criterion: Criterion,
  options: FixedEpsilonOptions,
) => Promise<AttackResult>;

/** Options of an attack made by `minimal`. */
export interface MinimalOptions extends Omit<FixedEpsilonOptions, 'epsilon'> {
  /** The largest budget that is tried. */
  readonly epsilonMax: number;
  /**
   * Budgets tried first, evenly spaced up to `epsilonMax`, each on the pictures that withstood the smaller ones: a single
   * step may succeed at a budget and fail at a larger one.
   *
   * @default 10
   */
  readonly scan?: number;
  /**
   * Halvings of the gap between the last budget that failed and the first that succeeded, at least 0.
   *
   * @default 8
   */
  readonly bisections?: number;
}

/** An attack that looks for the smallest budget at which another one succeeds, for each picture on its own. Minimal. */
export function minimal(attack: FixedEpsilonAttack) {
  return async (
    predict: Predict,
    images: Pictures,
    criterion: Criterion,
    options: MinimalOptions,
  ): Promise<AttackResult> => {
    const { epsilonMax, scan, bisections, ...rest } = resolveOptions(options);
    const count = images.shape[0]!;
    const search = new BudgetSearch(count);
    const attackSome = async (pictures: readonly number[], budgets: Float32Array) => {
      const classes = Int32Array.from(pictures, (i) => criterion.classes[i]!);
      const some = takePictures(images, pictures);
      const result = await attack(predict, some, { ...criterion, classes }, { ...rest, epsilon: budgets });
      pictures.forEach((picture, k) => search.learn(picture, budgets[k]!, attemptAt(result, k)));
    };
    for (let k = 1; k <= scan && search.left.length > 0; k++) {
      await attackSome(search.left, new Float32Array(search.left.length).fill((k * epsilonMax) / scan));
    }
    const found = search.found;
    for (let k = 0; k < bisections && found.length > 0; k++) await attackSome(found, search.halfway(found));
    return resultOf('minimal', images, search.attempts);
  };
}

/** For each picture the largest budget that failed, the smallest that succeeded, and what that one led to. */
class BudgetSearch {
  readonly attempts: Attempt[] = [];
  readonly #failed: Float32Array;
  readonly #succeeded: Float32Array;

  constructor(count: number) {
    this.#failed = new Float32Array(count);
    this.#succeeded = new Float32Array(count).fill(Infinity);
  }

  /** Pictures that have withstood so far. */
  get left(): number[] {
    return this.#pictures((budget) => budget === Infinity);
  }

  /** Pictures for which some budget was enough. */
  get found(): number[] {
    return this.#pictures((budget) => budget < Infinity);
  }

  halfway(pictures: readonly number[]): Float32Array {
    return Float32Array.from(pictures, (i) => (this.#failed[i]! + this.#succeeded[i]!) / 2);
  }

  learn(picture: number, budget: number, attempt: Attempt): void {
    if (attempt.success) this.#succeeded[picture] = budget;
    else this.#failed[picture] = budget;
    if (attempt.success || this.attempts[picture] === undefined) this.attempts[picture] = attempt;
  }

  #pictures(test: (budget: number) => boolean): number[] {
    return Array.from(this.#succeeded.keys()).filter((i) => test(this.#succeeded[i]!));
  }
}

function resolveOptions(options: MinimalOptions) {
  rejectUnknownOptions('minimal', options, ['epsilonMax', 'scan', 'bisections', 'norm', 'bounds', 'batchSize']);
  const { epsilonMax, scan = 10, bisections = 8, ...rest } = options;
  return {
    ...rest,
    epsilonMax: requireNumber('epsilonMax', epsilonMax, { above: 0 }),
    scan: requireInteger('scan', scan, { min: 1 }),
    bisections: requireInteger('bisections', bisections, { min: 0 }),
  };
}
