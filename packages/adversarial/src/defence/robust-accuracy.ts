import { ConfigError } from '@lab/core';
import type { AttackResult } from '../attacks/attack-result.ts';
import { type Criterion, untargeted } from '../attacks/criterion.ts';
import { type EvaluateOptions, evaluate } from '../evaluate.ts';
import { type LabelledPictures, type Pictures, takePictures } from '../pictures.ts';
import type { Predict } from '../predict.ts';

/** An attack with its options filled in: `(...given) => pgd(...given, { epsilon: 0.3, key, restarts: 5 })`. */
export type ReadyAttack = (predict: Predict, images: Pictures, criterion: Criterion) => Promise<AttackResult>;

/** What classifiers keep under attack. */
export interface RobustAccuracy {
  readonly count: number;
  /** Share of all pictures read correctly without attack. */
  readonly clean: number;
  /** Share of all pictures read correctly under every attack. */
  readonly robust: number;
  /** The same as a share of those that are read correctly without attack. */
  readonly robustOfCorrect: number;
  /** In the order they were tried. */
  readonly attacks: readonly {
    readonly name: string;
    /** Pictures still read correctly before it: it is spent on no others. */
    readonly tried: number;
    /** Of those, the ones that it fooled. */
    readonly fooled: number;
  }[];
  /** Whether each picture withstood everything. */
  readonly withstood: readonly boolean[];
}

/**
 * Robust accuracy as the worst over all attacks, and over their restarts: a picture counts if it is read correctly and
 * nothing fools it. Put the quick attacks first. Have a black-box one among them: if it fools what gradients don't, the
 * gradients are masked (Athalye, Carlini & Wagner 2018).
 *
 * @param attacks By name, untargeted.
 * @throws ConfigError without attacks, or for bad pictures or labels.
 */
export async function robustAccuracy(
  predict: Predict,
  pictures: LabelledPictures,
  attacks: Readonly<Record<string, ReadyAttack>>,
  options: EvaluateOptions = {},
): Promise<RobustAccuracy> {
  if (Object.keys(attacks).length === 0) {
    throw new ConfigError({ field: 'The number of attacks', value: 0, expected: 'at least 1' });
  }
  const { count, accuracy, predictions } = await evaluate(predict, pictures, options);
  const isCorrect = (i: number) => predictions[i] === pictures.labels[i];
  let left = Array.from({ length: count }, (_, i) => i).filter(isCorrect);
  const correct = left.length;
  const tried: RobustAccuracy['attacks'][number][] = [];
  for (const [name, attack] of Object.entries(attacks)) {
    if (left.length === 0) break;
    const labels = left.map((i) => pictures.labels[i]!);
    const { success } = await attack(predict, takePictures(pictures, left), untargeted(labels));
    const withstood = left.filter((_, k) => !success[k]);
    tried.push({ name, tried: left.length, fooled: left.length - withstood.length });
    left = withstood;
  }
  const survivors = new Set(left);
  return {
    count,
    clean: accuracy,
    robust: left.length / count,
    robustOfCorrect: left.length / correct,
    attacks: tried,
    withstood: Array.from({ length: count }, (_, i) => survivors.has(i)),
  };
}
