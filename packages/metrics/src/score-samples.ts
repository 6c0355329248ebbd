import { ConfigError, type RandomKey, rejectUnknownOptions } from '@lab/core';
import { classifierScoreInterval, labelEntropyInterval } from './class-intervals.ts';
import { type ClassStatistics, classStatistics } from './class-statistics.ts';
import { type ClassAccuracy, conditionalAccuracy, confusion } from './conditional-accuracy.ts';
import { type Anatomy, anatomyGap, type AnatomyRates, anatomyRates, digitAnatomy } from './digit-anatomy.ts';
import { frechetInterval } from './frechet-distance.ts';
import { type BootstrapOptions, type Interval, meanInterval } from './interval.ts';
import { kernelDistance } from './kernel-distance.ts';
import { type ManifoldOptions, manifoldMembership, type ManifoldScores } from './manifold.ts';
import { predictedLabels } from './probabilities.ts';
import { requireRows, type Rows, sliceRows } from './rows.ts';

/** Pictures, and what a classifier makes of them. */
export interface SampleSet {
  /** `[N, D]`: of its last hidden layer, say. */
  readonly features: Rows;
  /** `[N, C]` */
  readonly probabilities: Rows;
  /** The pictures, `[N, H, W, 1]` in [0, 1], of digits: for the anatomy check. */
  readonly images?: Rows;
  /** What each should show, `[N]`: for the conditional accuracy. */
  readonly asked?: ArrayLike<number>;
}

/** Options of `scoreSamples` and `scoreWithFloor`. */
export interface ScoreOptions extends BootstrapOptions, ManifoldOptions {}

/** Everything that features, probabilities and pictures tell. Intervals cover 95%. */
export interface Scores extends Readonly<Record<keyof ManifoldScores, Interval>> {
  readonly count: number;
  /** `frechetDistance`: 0 is best. */
  readonly frechet: Interval;
  /** `kernelDistance`: 0 is best. */
  readonly kernel: Interval;
  /** `classifierScore`: the number of classes is best. */
  readonly classifierScore: Interval;
  /** `labelEntropy`: 1 if all classes are as frequent. */
  readonly entropy: Interval;
  readonly classes: ClassStatistics;
  /** Where `asked` was given. */
  readonly conditional?: { readonly accuracy: Interval; readonly perClass: readonly ClassAccuracy[] };
  /** Where both sets have `images`; the gap where the reference has all classes that the samples have. */
  readonly anatomy?: { readonly perClass: Anatomy; readonly rates: AnatomyRates; readonly gap?: AnatomyRates };
}

/**
 * All scores of samples against real pictures.
 *
 * @param key Decides the draws of the bootstrap, and nothing else.
 * @throws ConfigError for so few rows that `frechetInterval` has none to leave out, sizes that differ, NaN, no
 *   distributions, or labels out of range.
 */
export async function scoreSamples(
  samples: SampleSet,
  reference: SampleSet,
  key: RandomKey,
  options: ScoreOptions = {},
): Promise<Scores> {
  rejectUnknownOptions('scoreSamples', options, ['resamples', 'neighbours']);
  const { resamples = 500, neighbours = 5 } = options;
  const { features, probabilities, images, asked } = samples;
  requireSameCounts(samples);
  const draws = { resamples };
  const membership = await manifoldMembership(features, reference.features, { neighbours });
  const share = (name: keyof ManifoldScores) => meanInterval(membership[name], key.child(name), draws);
  return {
    count: features.shape[0]!,
    frechet: frechetInterval(features, reference.features),
    kernel: await kernelDistance(features, reference.features),
    precision: share('precision'),
    recall: share('recall'),
    density: share('density'),
    coverage: share('coverage'),
    classifierScore: classifierScoreInterval(probabilities, key.child('score'), draws),
    entropy: labelEntropyInterval(probabilities, key.child('entropy'), draws),
    classes: classStatistics(probabilities),
    ...(asked && { conditional: scoreConditions(asked, probabilities, key.child('asked'), draws) }),
    ...(images && reference.images && { anatomy: scoreAnatomy(samples, reference) }),
  };
}

/** Samples' scores, and those of as many real pictures: the floor that no generator can be expected to pass. */
export interface ScoresWithFloor {
  readonly samples: Scores;
  readonly floor: Scores;
}

/**
 * `scoreSamples`, and beside it the same of real pictures against the reference, as many as there are samples: most
 * scores depend on the count.
 *
 * @param sets `real` are other real pictures than the `reference`, no fewer than the samples, in random order.
 * @throws ConfigError as `scoreSamples`, or for too few real pictures.
 */
export async function scoreWithFloor(
  sets: { readonly samples: SampleSet; readonly real: SampleSet; readonly reference: SampleSet },
  key: RandomKey,
  options: ScoreOptions = {},
): Promise<ScoresWithFloor> {
  const floor = takeFirst(sets.real, requireRows('samples', sets.samples.features).count);
  return {
    samples: await scoreSamples(sets.samples, sets.reference, key, options),
    floor: await scoreSamples(floor, sets.reference, key, options),
  };
}

function takeFirst({ features, probabilities, images, asked }: SampleSet, count: number): SampleSet {
  const there = requireRows('real', features).count;
  if (there < count) {
    throw new ConfigError({
      field: 'The number of real',
      value: there,
      expected: `that of the samples, ${count}, or more`,
    });
  }
  return {
    features: sliceRows(features, 0, count),
    probabilities: sliceRows(probabilities, 0, count),
    ...(images && { images: sliceRows(images, 0, count) }),
    ...(asked && { asked: Array.from(asked).slice(0, count) }),
  };
}

function scoreConditions(asked: ArrayLike<number>, probabilities: Rows, key: RandomKey, draws: BootstrapOptions) {
  const { perClass } = conditionalAccuracy(confusion(asked, probabilities));
  const right = predictedLabels(probabilities).map((label, i) => Number(label === asked[i]));
  return { accuracy: meanInterval(right, key, draws), perClass };
}

function scoreAnatomy(samples: SampleSet, reference: SampleSet): NonNullable<Scores['anatomy']> {
  const perClass = digitAnatomy(samples.images!, predictedLabels(samples.probabilities));
  const real = digitAnatomy(reference.images!, predictedLabels(reference.probabilities));
  const isComparable = perClass.every(({ count }, label) => count === 0 || real[label]!.count > 0);
  return { perClass, rates: anatomyRates(perClass), ...(isComparable && { gap: anatomyGap(perClass, real) }) };
}

function requireSameCounts({ features, probabilities, images }: SampleSet): void {
  const count = features.shape[0];
  for (const [name, rows] of Object.entries({ probabilities, images })) {
    if (rows === undefined || rows.shape[0] === count) continue;
    const expected = `${count}, as of the features`;
    throw new ConfigError({ field: `The number of ${name}`, value: rows.shape[0], expected });
  }
}
