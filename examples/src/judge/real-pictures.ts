import { RandomKey } from '@lab/core';
import { type Scores, scoreSamples } from '@lab/metrics';
import type { Dataset } from '@lab/mnist-data';
import { type Judge, type Judged, picturesOf } from './judge.ts';

/** What samples are compared with. */
export interface RealPictures {
  /** All of the test set. */
  readonly reference: Judged;
  /** The scores of as many training pictures as `count`: what no generator can be expected to pass. */
  floor(count: number): Promise<Scores>;
}

/** Decides the draws of every bootstrap and which training pictures make the floor. */
export const scoringKey = RandomKey.fromSeed(0).child('scores');

/** Has a data set read by a judge. */
export async function readRealPictures(judge: Judge, { train, test }: Dataset): Promise<RealPictures> {
  const reference = await judge(picturesOf(test));
  const order = scoringKey.child('floor').permutation(train.count);
  return {
    reference,
    floor: async (count) => {
      const real = await judge(picturesOf(train, order.subarray(0, count)));
      return scoreSamples(real, reference, scoringKey);
    },
  };
}
