import { ConfigError } from '@lab/core';
import { predictedLabels, requireLabels } from './probabilities.ts';
import type { Rows } from './rows.ts';

/** How often each class was asked for and what was recognised: plain counts, which add up over shards. */
export interface Confusion {
  readonly classes: number;
  /** `[C, C]`, row-major: asked, then recognised. */
  readonly counts: readonly number[];
}

/** A row of the per-class table. */
export interface ClassAccuracy {
  readonly label: number;
  /** Samples that were asked to be of this class. */
  readonly count: number;
  readonly right: number;
  /** right / count; NaN if none was asked for. */
  readonly accuracy: number;
}

/** Whether a conditional generator paints what it is asked for. */
export interface ConditionalAccuracy {
  readonly accuracy: number;
  readonly perClass: readonly ClassAccuracy[];
}

/**
 * @param asked The class that each row should be of, `[N]`.
 * @param probabilities What a classifier makes of it, `[N, C]`.
 * @throws ConfigError for labels out of range or of another number, or rows that are no distributions.
 */
export function confusion(asked: ArrayLike<number>, probabilities: Rows): Confusion {
  const recognised = predictedLabels(probabilities);
  const classes = probabilities.data.length / recognised.length;
  requireLabels('asked', asked, recognised.length, classes);
  const counts = new Array<number>(classes * classes).fill(0);
  recognised.forEach((label, i) => counts[asked[i]! * classes + label]!++);
  return { classes, counts };
}

/** @throws ConfigError if there is no part, or the parts differ in their number of classes. */
export function mergeConfusions(parts: readonly Confusion[]): Confusion {
  const [first] = parts;
  if (first === undefined) throw new ConfigError({ field: 'parts', value: parts, expected: 'one or more confusions' });
  const odd = parts.find(({ classes }) => classes !== first.classes);
  if (odd !== undefined) {
    throw new ConfigError({ field: 'classes', value: odd.classes, expected: `${first.classes}, as in the first part` });
  }
  return { ...first, counts: first.counts.map((_, at) => parts.reduce((sum, { counts }) => sum + counts[at]!, 0)) };
}

/** The share of rows recognised as what was asked for, over all and per class. */
export function conditionalAccuracy({ classes, counts }: Confusion): ConditionalAccuracy {
  const perClass = Array.from({ length: classes }, (_, label) => {
    const row = counts.slice(label * classes, (label + 1) * classes);
    const count = row.reduce((sum, n) => sum + n, 0);
    return { label, count, right: row[label]!, accuracy: row[label]! / count };
  });
  const total = counts.reduce((sum, n) => sum + n, 0);
  return { accuracy: perClass.reduce((sum, { right }) => sum + right, 0) / total, perClass };
}
