import { type Predict, type ReadyAttack, fgsm, pgd, robustAccuracy } from '@lab/adversarial';
import type { RandomKey } from '@lab/core';
import type { LabelledImages } from '@lab/mnist-data';
import { firstOf } from '../run/data.ts';
import { allOf } from './pictures.ts';

/** Accuracy left on pictures of all digits, as a share of those that are read correctly without attack. */
export interface Untargeted {
  readonly count: number;
  readonly epsilons: readonly number[];
  readonly left: Readonly<Record<string, readonly number[]>>;
}

const epsilons = [0.1, 0.15, 0.2, 0.25, 0.3];

/** Attacks that are content with any other class, on the first pictures of the test set. */
export async function untargetedSweep(
  predict: Predict,
  test: LabelledImages,
  limit: number,
  key: RandomKey,
): Promise<Untargeted> {
  const pictures = allOf(firstOf(test, limit));
  const attacks: Record<string, (epsilon: number) => ReadyAttack> = {
    'FGSM, one step':
      (epsilon) =>
      (...given) =>
        fgsm(...given, { epsilon }),
    'PGD, 40 steps, random start':
      (epsilon) =>
      (...given) =>
        pgd(...given, { epsilon, key }),
  };
  const left: Record<string, number[]> = {};
  for (const [name, attack] of Object.entries(attacks)) {
    left[name] = [];
    for (const epsilon of epsilons) {
      left[name].push((await robustAccuracy(predict, pictures, { [name]: attack(epsilon) })).robustOfCorrect);
    }
  }
  return { count: pictures.shape[0]!, epsilons, left };
}
