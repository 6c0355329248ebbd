import { tf } from '@lab/core';
import { confusion, labelEntropy, scoreSamples } from '@lab/metrics';
import { type Dataset, type LabelledImages, subset } from '@lab/mnist-data';
import { type Judge, picturesOf } from '../judge/judge.ts';
import { readRealPictures, scoringKey } from '../judge/real-pictures.ts';
import { nearestDigit } from './nearest-digit.ts';
import { keepScores, type KeptScores, type Scorer } from './snapshot-scores.ts';

/** A scorer, and what no generator can be expected to pass. */
export interface ScorerWithFloor {
  readonly scorer: Scorer;
  floor(): Promise<KeptScores>;
}

/** Scores by a classifier's features and probabilities, against the test set. */
export async function scorerByClassifier(judge: Judge, mnist: Dataset): Promise<ScorerWithFloor> {
  const real = await readRealPictures(judge, mnist);
  // As many samples as test pictures: most scores depend on the count.
  const { count } = mnist.test;
  const scorer: Scorer = {
    count,
    name: 'the classifier of MNIST',
    score: async ({ pictures, asked }) => {
      const judged = { ...(await judge(pictures)), ...(asked && { asked }) };
      const scores = await scoreSamples(judged, real.reference, scoringKey);
      return keepScores(scores, asked && confusion(asked, judged.probabilities).counts);
    },
  };
  return { scorer, floor: async () => keepScores(await real.floor(count)) };
}

/**
 * For data sets that no classifier is shipped for: the class of a picture is that of the nearest of the first training
 * pictures, 20,000 at most. Says how many of the last, 2,000 at most, it reads right.
 */
export function scorerByNearest(images: LabelledImages): Scorer {
  const held = Math.min(2000, images.count >> 2);
  const known = Math.min(20_000, images.count - held);
  const nearest = nearestDigit(subset(images, range(0, known)));
  const read = ({ data, shape }: ReturnType<typeof picturesOf>) => {
    const pictures = tf.tensor(data, [...shape]);
    const labels = nearest(pictures);
    pictures.dispose();
    return labels;
  };
  const asked = range(images.count - held, images.count);
  const recognised = read(picturesOf(images, asked));
  const right = asked.filter((index, i) => images.labels[index] === recognised[i]).length;
  return {
    count: 2000,
    name: `the nearest training picture, which is right in ${((100 * right) / held).toFixed(1)}%`,
    score: ({ pictures }) => Promise.resolve(histogramOf(read(pictures))),
  };
}

function histogramOf(labels: Uint8Array): KeptScores {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label] = counts[label]! + 1;
  return { counts, entropy: labelEntropy(counts) };
}

function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i);
}
