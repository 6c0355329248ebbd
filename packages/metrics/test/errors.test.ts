import '@tensorflow/tfjs-backend-cpu';
import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  anatomyGap,
  areaUnderRoc,
  classStatistics,
  confusion,
  digitAnatomy,
  frechetDistance,
  frechetInterval,
  kernelDistance,
  manifoldScores,
  memorisation,
  mergeAnatomies,
  mergeClassStatistics,
  mergeConfusions,
  mergeMoments,
  moments,
  nearestNeighbours,
  parzenWindow,
  peakSignalToNoise,
  type Rows,
  scoreSamples,
  structuralSimilarity,
} from '../src/index.ts';
import { classProbabilities, features } from './features.ts';

beforeAll(() => tf.setBackend('cpu'));

const good = features(20, 4, 1);
const key = RandomKey.fromSeed(1);
const withNaN: Rows = { data: good.data.map((value, at) => (at === 13 ? NaN : value)), shape: good.shape };
const empty: Rows = { data: new Float32Array(0), shape: [0, 4] };
const misshapen: Rows = { data: new Float32Array(7), shape: [2, 4] };
const pictures = (...shape: number[]): Rows => ({
  data: new Float32Array(shape.reduce((product, n) => product * n, 1)),
  shape,
});
const doubles = { data: [1, 2, 3, 4], shape: [1, 4] } as unknown as Rows;

const bad: readonly (readonly [string, Rows, RegExp])[] = [
  ['NaN', withNaN, /Row 3, column 1 of .* must be a finite number, not NaN/],
  ['no rows', empty, /\[N, D\] with .* or more, not \[0, 4\]/],
  ['data of another length', misshapen, /as long as its shape \[2, 4\] says, 8 numbers, not '7 numbers'/],
  ['plain numbers', doubles, /\{ data: Float32Array, shape: \[N, D\] \}/],
  ['nothing', undefined as unknown as Rows, /\{ data: Float32Array/],
];

const functions: readonly (readonly [string, (rows: Rows) => unknown])[] = [
  ['moments', moments],
  ['frechetInterval', (rows) => frechetInterval(rows, good)],
  ['kernelDistance', (rows) => kernelDistance(rows, good)],
  ['kernelDistance, the reference', (rows) => kernelDistance(good, rows)],
  ['manifoldScores', (rows) => manifoldScores(rows, good)],
  ['nearestNeighbours', (rows) => nearestNeighbours(rows, good)],
  ['memorisation', (rows) => memorisation(good, good, rows)],
  ['parzenWindow', (rows) => parzenWindow(good, rows, good)],
  ['classStatistics', classStatistics],
  ['structuralSimilarity', (rows) => structuralSimilarity(rows, good)],
  ['peakSignalToNoise', (rows) => peakSignalToNoise(rows, good)],
];

/** Whatever it throws, at once or later. */
async function failure(body: () => unknown): Promise<Error> {
  try {
    await body();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe.each(functions)('%s', (_, run) => {
  it.each(bad)('rejects %s', (_, rows, message) =>
    expectNoLeak(async () => {
      const error = await failure(() => run(rows));
      expect(error).toBeInstanceOf(ConfigError);
      expect(error.message).toMatch(message);
    }),
  );
});

describe('clear errors', () => {
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      'fewer samples than features',
      () => frechetDistance(features(4, 4, 1), good),
      /number of samples must be above that of features, 4.*kernelDistance/,
    ],
    [
      'fewer real rows than features',
      () => frechetDistance(good, features(3, 4, 1)),
      /number of reference must be above/,
    ],
    [
      'other features',
      () => frechetDistance(features(20, 5, 1), good),
      /number of features of the samples must be 4.*not 5/,
    ],
    [
      'other features in moments',
      () => mergeMoments([moments(good), moments(features(9, 3, 1))]),
      /parts\[1\].*moments of 4 features/,
    ],
    ['moments that lost a number', () => frechetDistance({ ...moments(good), scatter: [1] }, good), /samples must be/],
    ['moments with NaN', () => mergeMoments([{ count: 9, mean: [NaN], scatter: [1] }]), /finite/],
    [
      'no more rows than neighbours',
      () => manifoldScores(features(5, 4, 1), good),
      /number of samples must be above neighbours, 5/,
    ],
    [
      'a neighbours of 0',
      () => manifoldScores(good, good, { neighbours: 0 }),
      /neighbours must be an integer at least 1/,
    ],
    ['a misspelt option', () => manifoldScores(good, good, { neighbors: 3 } as object), /Did you mean 'neighbours'/],
    ['one row for an unbiased distance', () => kernelDistance(features(1, 4, 1), good), /2 rows or more/],
    ['logits for probabilities', () => classStatistics(good), /Row 0.*softmax/],
    ['one class', () => classStatistics({ data: Float32Array.of(1), shape: [1, 1] }), /two classes/],
    [
      'a label out of range',
      () => confusion([...Array(200).keys()], classProbabilities()),
      /asked\[10\] must be an integer at least 0 and at most 9, not 10/,
    ],
    ['too few labels', () => confusion([1, 2], classProbabilities()), /number of asked must be 200/],
    ['a digit that is none', () => digitAnatomy(pictures(1, 3, 3), [10]), /labels\[0\]/],
    ['coloured pictures', () => digitAnatomy(pictures(1, 3, 3, 3), [1]), /\[N, H, W\] or \[N, H, W, 1\]/],
    [
      'coloured pictures to compare',
      () => structuralSimilarity(pictures(1, 12, 12, 3), pictures(1, 12, 12, 3)),
      /\[N, H, W\] or \[N, H, W, 1\]/,
    ],
    [
      'pictures smaller than the window',
      () => structuralSimilarity(pictures(1, 10, 28), pictures(1, 10, 28)),
      /shape of images must be .* 11 pixels or more each way.*not \[1, 10, 28\]/,
    ],
    [
      'pictures of other sizes',
      () => peakSignalToNoise(pictures(2, 4, 4), pictures(2, 4, 5)),
      /shape of originals must be \[2, 4, 4\], as that of images, not \[2, 4, 5\]/,
    ],
    [
      'pictures in [-1, 1]',
      () => peakSignalToNoise(pictures(2, 1, 2), { data: Float32Array.of(0, 1, 0, -1), shape: [2, 1, 2] }),
      /Row 1, column 1 of originals must be at least 0 and at most 1, not -1.*\(x \+ 1\) \/ 2/,
    ],
    ['no scores', () => areaUnderRoc([], [1]), /negatives must be one or more scores/],
    ['a score that is NaN', () => areaUnderRoc([1], [2, NaN]), /positives\[1\] must be a number, not NaN/],
    [
      'a sigma of 0',
      () => parzenWindow(good, good, good, { sigmas: [0.1, 0] }),
      /sigmas\[1\] must be a number above 0/,
    ],
    ['no sigma', () => parzenWindow(good, good, good, { sigmas: [] }), /sigmas/],
    ['statistics of nothing', () => mergeClassStatistics([]), /parts/],
    ['moments of nothing', () => mergeMoments([]), /parts/],
    ['confusions of nothing', () => mergeConfusions([]), /parts/],
    ['anatomies of nothing', () => mergeAnatomies([]), /parts/],
    [
      'probabilities of other pictures',
      () =>
        scoreSamples(
          { features: good, probabilities: classProbabilities() },
          { features: good, probabilities: classProbabilities(20) },
          key,
        ),
      /number of probabilities must be '?20/,
    ],
  ];

  it.each(cases)('for %s', async (_, body, message) => {
    const error = await failure(body);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(message);
  });

  it('for real pictures without a class that the samples have', () => {
    const picture = pictures(1, 3, 3);
    expect(() => anatomyGap(digitAnatomy(picture, [1]), digitAnatomy(picture, [2]))).toThrow(/class 1/);
  });
});
