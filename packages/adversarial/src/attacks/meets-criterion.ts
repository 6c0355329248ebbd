import { tf } from '@lab/core';
import type { Pictures } from '../pictures.ts';
import { type Predict, requireLogits } from '../predict.ts';
import { attackBatches, attemptsOf } from './attack-batches.ts';
import { type AttackOptions, resolveAttackOptions } from './attack-options.ts';
import type { Criterion } from './criterion.ts';
import { readSight } from './goal.ts';

/**
 * Whether a classifier's reading of each picture meets the criterion. With the pictures of an attack on another
 * classifier this is the transfer attack (Papernot, McDaniel & Goodfellow 2016): black-box, since the
 * victim is asked once and for nothing but its reading.
 *
 * @throws ConfigError for bad pictures or classes.
 */
export async function meetsCriterion(
  predict: Predict,
  images: Pictures,
  criterion: Criterion,
  options: AttackOptions = {},
): Promise<boolean[]> {
  const resolved = resolveAttackOptions(options);
  const attempts = await attackBatches(predict, images, criterion, resolved, async (batch) => {
    const logits = tf.tidy(() => requireLogits(predict(batch.images), batch.to - batch.from));
    return attemptsOf(new Float32Array(), [await readSight(logits, batch.goal)]);
  });
  return attempts.map(({ success }) => success);
}
