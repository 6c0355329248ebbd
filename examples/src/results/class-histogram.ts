import { join } from 'node:path';
import { RandomKey, tf } from '@lab/core';
import { readCheckpoint } from '@lab/core/node';
import { type Gan, restoreGenerator, sampleFrom } from '@lab/gan';
import type { Judge } from './nearest-digit.ts';

/** How often a generator paints each class. */
export interface ClassHistogram {
  readonly step: number;
  /** Samples of each class, ten numbers. */
  readonly counts: readonly number[];
  /** Entropy of the classes over that of equal shares: 1 if all ten are painted alike, 0 if only one is. */
  readonly entropy: number;
}

const samples = 2000;
const classes = 10;

/** Restores G, in `gan`, from a run's generator file, paints 2,000 samples, and counts what the judge sees. */
export async function classHistogram(folder: string, file: string, gan: Gan, judge: Judge): Promise<ClassHistogram> {
  const { tensors, metadata } = await readCheckpoint(join(folder, file));
  restoreGenerator(gan, tensors, file);
  const latents = RandomKey.fromSeed(0).child('judged').normal([samples, gan.latentDim]) as tf.Tensor2D;
  const images = sampleFrom(gan, latents);
  const counts = new Array<number>(classes).fill(0);
  for (const label of judge(images)) counts[label] = counts[label]! + 1;
  tf.dispose([latents, images]);
  return { step: Number(metadata['step']), counts, entropy: normalisedEntropy(counts) };
}

/** Entropy of shares over log(number of classes). */
export function normalisedEntropy(counts: readonly number[]): number {
  const total = counts.reduce((sum, n) => sum + n, 0);
  const terms = counts.filter((n) => n > 0).map((n) => -(n / total) * Math.log(n / total));
  return terms.reduce((sum, term) => sum + term, 0) / Math.log(counts.length);
}
