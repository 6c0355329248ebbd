import {
  type LabelledPictures,
  type Predict,
  type ReadyAttack,
  fgsm,
  pgd,
  type RobustAccuracy,
  robustAccuracy,
  spsa,
} from '@lab/adversarial';
import type { RandomKey } from '@lab/core';
import { type LabelledImages, orderedBatches, subset } from '@lab/mnist-data';
import { budget, type DefenceSetting, sweptBudgets } from './defence-settings.ts';

/** What is kept of a robust accuracy. */
export type Robustness = Omit<RobustAccuracy, 'withstood'>;

/** What a classifier keeps under attack. */
export interface DefenceFindings {
  /** Worst over FGSM and all restarts of PGD, at the budget. */
  readonly white: Robustness;
  /** A black-box attack alone: more than the gradients find would mean that they are masked. */
  readonly black: Robustness;
  /** PGD-40 from one random start, by budget. */
  readonly sweep: readonly number[];
}

export interface Measuring {
  readonly key: RandomKey;
  readonly signal: AbortSignal;
  readonly tell: (message: string) => void;
}

/** Pictures that are measured before anything is told, or a signal is heeded. */
const part = 500;

/** Attacks the first test pictures. Undefined if the signal asked to stop. */
export async function measureDefence(
  predict: Predict,
  test: LabelledImages,
  { attacked, blackBox, restarts }: DefenceSetting,
  { key, signal, tell }: Measuring,
): Promise<DefenceFindings | undefined> {
  const steps = { stepSize: 0.01, steps: 40 };
  const white = await inParts(predict, test, attacked, { signal, tell }, (from) => ({
    FGSM: (...given) => fgsm(...given, { epsilon: budget }),
    [`PGD-40, ${restarts} restarts`]: (...given) =>
      pgd(...given, { ...steps, epsilon: budget, restarts, key: key.child(from) }),
  }));
  const black = await inParts(predict, test, blackBox, { signal, tell }, (from) => ({
    SPSA: (...given) => spsa(...given, { epsilon: budget, key: key.child(from), steps: 40, samples: 64 }),
  }));
  const sweep: number[] = [];
  for (const epsilon of sweptBudgets) {
    if (signal.aborted) return undefined;
    const pictures = firstPictures(test, 0, Math.min(attacked, part));
    const attack: ReadyAttack = (...given) => pgd(...given, { epsilon, key });
    sweep.push((await robustAccuracy(predict, pictures, { pgd: attack })).robust);
  }
  return white && black && { white, black, sweep };
}

async function inParts(
  predict: Predict,
  test: LabelledImages,
  count: number,
  { signal, tell }: Omit<Measuring, 'key'>,
  attacksFrom: (from: number) => Readonly<Record<string, ReadyAttack>>,
): Promise<Robustness | undefined> {
  const parts: Robustness[] = [];
  for (let from = 0; from < count; from += part) {
    if (signal.aborted) return undefined;
    const to = Math.min(from + part, count);
    const { withstood: _, ...found } = await robustAccuracy(predict, firstPictures(test, from, to), attacksFrom(from));
    parts.push(found);
    const names = Object.keys(attacksFrom(from)).join(', ');
    tell(`${names}: ${(100 * merge(parts).robust).toFixed(2)}% of the first ${to} withstand`);
  }
  return merge(parts);
}

function merge(parts: readonly Robustness[]): Robustness {
  const sum = (of: (one: Robustness) => number) => parts.reduce((total, one) => total + of(one), 0);
  const count = sum((one) => one.count);
  const correct = sum((one) => Math.round(one.clean * one.count));
  const left = sum((one) => Math.round(one.robust * one.count));
  const names = [...new Set(parts.flatMap(({ attacks }) => attacks.map(({ name }) => name)))];
  const attacks = names.map((name) => {
    const rows = parts.flatMap((one) => one.attacks.filter((attack) => attack.name === name));
    const total = (of: 'tried' | 'fooled') => rows.reduce((all, row) => all + row[of], 0);
    return { name, tried: total('tried'), fooled: total('fooled') };
  });
  return { count, clean: correct / count, robust: left / count, robustOfCorrect: left / correct, attacks };
}

function firstPictures(images: LabelledImages, from: number, to: number): LabelledPictures {
  const some = subset(
    images,
    Uint32Array.from({ length: to - from }, (_, i) => from + i),
  );
  return orderedBatches(some, { batchSize: some.count }).next().value as LabelledPictures;
}
