import { ConfigError, tf } from '@lab/core';
import { crossEntropy, margins, oneHotRows } from '../cross-entropy.ts';
import type { Criterion } from './criterion.ts';

/** A criterion for one batch. */
export interface Goal {
  readonly kind: Criterion['kind'];
  /** `[B]` */
  readonly classes: Int32Array;
  /** The same as one-hot rows, `[B, classes]`. */
  readonly rows: tf.Tensor2D;
}

/** What a classifier thinks of a batch, as the criterion sees it; one number a picture. */
export interface Sight {
  /** The probability of the criterion's class. */
  readonly confidence: Float32Array;
  /** By how much the best reading that the criterion wants is ahead of the best that it doesn't, in logits. */
  readonly lead: Float32Array;
}

export function goalOf(kind: Criterion['kind'], classes: Int32Array, classCount: number): Goal {
  return { kind, classes, rows: tf.tidy(() => oneHotRows(tf.tensor1d(classes, 'int32'), classCount)) };
}

/** What an attack ascends, `[B]`: the cross-entropy to the label, or minus the one to the target. */
export function gain(logits: tf.Tensor2D, { kind, rows }: Goal): tf.Tensor1D {
  const loss = crossEntropy(logits, rows);
  return kind === 'untargeted' ? loss : tf.neg(loss);
}

/** `Sight.lead` on the backend and differentiable, `[B]`: the Z-difference of Carlini & Wagner 2017, section V.A. */
export function lead(logits: tf.Tensor2D, { kind, rows }: Goal): tf.Tensor1D {
  const others = tf.max(margins(logits, rows), 1) as tf.Tensor1D;
  return kind === 'untargeted' ? others : tf.neg(others);
}

/** Reads the logits and disposes of them. @throws ConfigError if one is NaN or infinite. */
export async function readSight(logits: tf.Tensor2D, goal: Goal): Promise<Sight> {
  const values = (await logits.data()).slice() as Float32Array;
  logits.dispose();
  const [count, width] = logits.shape;
  const [confidence, ahead] = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i++) {
    const row = values.subarray(i * width, (i + 1) * width);
    const own = goal.classes[i]!;
    const bad = row.find((logit) => !Number.isFinite(logit));
    if (bad !== undefined) throw new ConfigError({ field: 'A logit', value: bad, expected: 'a finite number' });
    const best = row.reduce((max, logit, j) => (j === own ? max : Math.max(max, logit)), -Infinity);
    const others = row.reduce((sum, logit, j) => (j === own ? sum : sum + Math.exp(logit - row[own]!)), 0);
    confidence[i] = 1 / (1 + others);
    ahead[i] = goal.kind === 'untargeted' ? best - row[own]! : row[own]! - best;
  }
  return { confidence, lead: ahead };
}
