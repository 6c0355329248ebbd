import { describeBackends, expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  classifierScore,
  classStatistics,
  covariance,
  frechetDistance,
  kernelDistance,
  labelEntropy,
  manifoldScores,
  moments,
  nearestNeighbours,
  parzenWindow,
} from '../src/index.ts';
import { sliceRows } from '../src/rows.ts';
import { classProbabilities, features, golden } from './features.ts';

/** What issue 4 asks for is 1e-4. */
const relative = 1e-5;

function expectClose(found: number, wanted: number): void {
  expect(Math.abs(found - wanted), `${found} for ${wanted}`).toBeLessThanOrEqual(relative * Math.abs(wanted));
}

describeBackends(
  'against NumPy and SciPy in float64',
  () => {
    describe.each(golden.cases)('$count rows against $other, of $size features', (wanted) => {
      const samples = features(wanted.count, wanted.size, wanted.phase);
      const reference = features(wanted.other, wanted.size, 0);

      it('has the covariance and the Fréchet distance', () => {
        const row = covariance(moments(samples)).subarray(wanted.size);
        wanted.covarianceRow.forEach((value, d) => expectClose(row[d]!, value));
        expectClose(frechetDistance(samples, reference), wanted.frechet);
      });

      it('has the kernel distance', () =>
        expectNoLeak(async () => expectClose((await kernelDistance(samples, reference)).value, wanted.kernel)));

      it('has precision, recall, density and coverage', () =>
        expectNoLeak(async () => {
          const found = await manifoldScores(samples, reference, { neighbours: wanted.neighbours });
          for (const [name, value] of Object.entries(wanted.manifold)) expectClose(found[name as 'recall'], value);
        }));

      it('has the nearest neighbours', () =>
        expectNoLeak(async () => {
          const { indices, distances } = await nearestNeighbours(samples, reference);
          expect([...indices.subarray(0, 20)]).toEqual(wanted.nearest.indices);
          wanted.nearest.distances.forEach((value, i) => expectClose(distances[i]!, value));
        }));

      it('has the Parzen window’s log-likelihood', () =>
        expectNoLeak(async () => {
          const validation = sliceRows(reference, 0, 50);
          const found = await parzenWindow(samples, validation, sliceRows(reference, 50, wanted.other));
          expectClose(found.sigma, wanted.parzen.sigma);
          expectClose(found.logLikelihood, wanted.parzen.logLikelihood);
          expectClose(found.standardError, wanted.parzen.standardError);
        }));
    });
  },
  ['cpu', 'simd'],
);

describe('what a classifier says', () => {
  it('adds up to the numbers of NumPy', () => {
    const statistics = classStatistics(classProbabilities());
    expect(statistics.histogram).toEqual(golden.classes.histogram);
    expectClose(classifierScore(statistics), golden.classes.score);
    expectClose(labelEntropy(statistics.histogram), golden.classes.entropy);
    expectClose(statistics.confidence / statistics.count, golden.classes.confidence);
  });
});
