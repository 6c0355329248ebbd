import { ConfigError } from '@lab/core';
import {
  memorisation,
  type Memorisation,
  type ParzenEstimate,
  parzenWindow,
  type Rows,
  scoreSamples,
  type Scores,
} from '@lab/metrics';
import type { Dataset } from '@lab/mnist-data';
import { type Judge, picturesOf } from '../judge/judge.ts';
import { evenly } from './evenly.ts';
import { readRealPictures, scoringKey } from '../judge/real-pictures.ts';

/** Everything that is measured of pictures, beside the same of as many real ones. */
export interface PictureScores {
  readonly samples: Scores;
  readonly floor: Scores;
  readonly copies: Pick<Memorisation, 'median' | 'heldOutMedian' | 'nearerThanHeldOut' | 'suspicious'>;
  readonly parzen: { readonly samples: ParzenEstimate; readonly ceiling: ParzenEstimate };
}

/** More pictures cost more time and change little. */
export const mostPictures = 10_000;

/** Enough real pictures that are new for sure to tell how near to the training set such pictures come. */
const heldOutPictures = 2000;

/** Training pictures that choose the width of the Parzen window: the last ones. */
const validationPictures = 1000;

/**
 * Scores pictures against the test set of a data set.
 *
 * @param pictures `[N, 28, 28, 1]` in [0, 1], at most `mostPictures`.
 * @param asked What each should show, if that is known.
 * @throws ConfigError for fewer pictures than the judge has features.
 */
export async function scorePictures(
  judge: Judge,
  pictures: Rows,
  dataset: Dataset,
  asked?: ArrayLike<number>,
): Promise<PictureScores> {
  const judged = await judge(pictures);
  requireEnough(pictures.shape[0]!, judged.features.shape[1]!);
  const real = await readRealPictures(judge, dataset);
  const samples = await scoreSamples({ ...judged, ...(asked && { asked }) }, real.reference, scoringKey);
  const floor = await real.floor(samples.count);
  const heldOut = picturesOf(dataset.test, evenly(Math.min(heldOutPictures, dataset.test.count), dataset.test.count));
  const { median, heldOutMedian, nearerThanHeldOut, suspicious } = await memorisation(
    pictures,
    picturesOf(dataset.train),
    heldOut,
  );
  return {
    samples,
    floor,
    copies: { median, heldOutMedian, nearerThanHeldOut, suspicious },
    parzen: await scoreParzen(pictures, dataset, real.reference.images),
  };
}

async function scoreParzen(pictures: Rows, { train }: Dataset, test: Rows): Promise<PictureScores['parzen']> {
  const last = Math.max(1, train.count - validationPictures);
  const indices = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const validation = picturesOf(train, indices(last, train.count));
  const real = picturesOf(train, indices(0, Math.min(pictures.shape[0]!, last)));
  return {
    samples: await parzenWindow(pictures, validation, test),
    ceiling: await parzenWindow(real, validation, test),
  };
}

function requireEnough(count: number, features: number): void {
  if (count > features) return;
  throw new ConfigError({
    field: 'The number of pictures',
    value: count,
    expected: `above ${features}, the features that they are compared by (10,000 are usual)`,
  });
}
