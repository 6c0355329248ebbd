import { join } from 'node:path';
import { RandomKey } from '@lab/core';
import { readCheckpoint } from '@lab/core/node';
import { drawLatents, type Gan, restoreGenerator, sampleFrom } from '@lab/gan';
import { type AnatomyRates, type Interval, labelEntropy, type Rows, type Scores } from '@lab/metrics';
import { hostPictures } from '../run/host-pictures.ts';

/** What is kept of a snapshot's scores. Intervals cover 95%, over the samples. */
export interface KeptScores {
  /** Samples of each class that the judge sees. */
  readonly counts: readonly number[];
  /** Entropy of the classes over that of equal shares: 1 if all are painted alike, 0 if only one is. */
  readonly entropy: number;
  readonly distances?: Readonly<Record<(typeof kept)[number], Interval>>;
  /** Mean of the largest probability, and the share above .9. */
  readonly confidence?: { readonly mean: number; readonly sure: number };
  /** Digits of one stroke and with legal holes, and how much less often than real ones. */
  readonly anatomy?: { readonly rates: AnatomyRates; readonly gap?: AnatomyRates };
  /** Where each sample was asked to be of a class: how many are read so. */
  readonly conditional?: {
    readonly accuracy: Interval;
    readonly perClass: readonly number[];
    /** `[C, C]`, row-major: asked, then recognised. */
    readonly confusion: readonly number[];
  };
}

/** The scores of G at a step. */
export interface SnapshotScores extends KeptScores {
  readonly step: number;
}

/** Scores pictures. */
export interface Scorer {
  /** How many pictures it wants. */
  readonly count: number;
  /** What it goes by, for the reader. */
  readonly name: string;
  score(samples: JudgedSamples): Promise<KeptScores>;
}

const kept = [
  ...(['frechet', 'kernel', 'precision', 'recall', 'density', 'coverage', 'classifierScore'] as const),
] as const;

/** What is scored. */
export interface JudgedSamples {
  /** `[N, 28, 28, 1]` in [0, 1]. */
  readonly pictures: Rows;
  /** The class of each, if the GAN was asked for one: the classes in turn. */
  readonly asked?: readonly number[];
}

/** Restores G, in `gan`, from a run's generator file, and scores what it paints. */
export async function scoreSnapshot(folder: string, file: string, gan: Gan, scorer: Scorer): Promise<SnapshotScores> {
  const { tensors, metadata } = await readCheckpoint(join(folder, file));
  restoreGenerator(gan, tensors, file);
  return { step: Number(metadata['step']), ...(await scorer.score(await judgedSamples(gan, scorer.count))) };
}

/** The samples that are scored: of the same latents at each snapshot of each run. */
export async function judgedSamples(gan: Gan, count: number): Promise<JudgedSamples> {
  const { classes } = gan;
  const asked = classes === undefined ? undefined : Array.from({ length: count }, (_, i) => i % classes);
  const latents = drawLatents(gan, RandomKey.fromSeed(0).child('judged'), count);
  const images = sampleFrom(gan, latents, asked && { labels: asked });
  latents.dispose();
  const pictures = await hostPictures(images);
  return { pictures, ...(asked && { asked }) };
}

/** What is worth keeping, to five digits; of a conditional GAN's samples with the `confusion` of asked and recognised. */
export function keepScores(scores: Scores, confusion?: readonly number[]): KeptScores {
  const { conditional } = scores;
  const { histogram, confidence, confident, count } = scores.classes;
  return rounded({
    counts: histogram,
    entropy: labelEntropy(histogram),
    distances: Object.fromEntries(kept.map((name) => [name, scores[name]])) as Required<KeptScores>['distances'],
    confidence: { mean: confidence / count, sure: confident / count },
    ...(scores.anatomy && { anatomy: withoutClasses(scores.anatomy) }),
    ...(conditional &&
      confusion && {
        conditional: {
          accuracy: conditional.accuracy,
          perClass: conditional.perClass.map(({ accuracy }) => accuracy),
          confusion,
        },
      }),
  });
}

function withoutClasses({ rates, gap }: Required<Scores>['anatomy']): Required<KeptScores>['anatomy'] {
  return { rates, ...(gap && { gap }) };
}

function rounded<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' ? Number(each.toPrecision(5)) : each)),
  ) as T;
}
