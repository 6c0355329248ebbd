import { RandomKey } from '@lab/core';
import { describeBackends, expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  conditionalAccuracy,
  confusion,
  kernelDistance,
  manifoldScores,
  mergeConfusions,
  predictedLabels,
  type SampleSet,
  scoreSamples,
  scoreWithFloor,
} from '../src/index.ts';
import { sliceRows } from '../src/rows.ts';
import { classProbabilities, features } from './features.ts';

const key = RandomKey.fromSeed(2);

function sampleSet(count: number, phase: number): SampleSet {
  const probabilities = classProbabilities(count);
  const images = { data: features(count, 36, phase).data, shape: [count, 6, 6, 1] };
  return { features: features(count, 6, phase), probabilities, images, asked: predictedLabels(probabilities) };
}

describeBackends(
  'scoreWithFloor',
  () => {
    it('gives every score, with the floor of as many real pictures', () =>
      expectNoLeak(async () => {
        const sets = { samples: sampleSet(60, 0.8), real: sampleSet(90, 0.01), reference: sampleSet(120, 0) };
        const { samples, floor } = await scoreWithFloor(sets, key, { resamples: 50, neighbours: 3 });
        expect([samples.count, floor.count]).toEqual([60, 60]);
        expect(samples.frechet.value).toBeGreaterThan(floor.frechet.value);
        expect(samples.kernel).toEqual(await kernelDistance(sets.samples.features, sets.reference.features));
        const alone = await manifoldScores(sets.samples.features, sets.reference.features, { neighbours: 3 });
        for (const name of ['precision', 'recall', 'density', 'coverage'] as const) {
          expect(samples[name].value).toBe(alone[name]);
          expect(samples[name].low).toBeLessThanOrEqual(samples[name].value);
        }
        expect(samples.conditional?.accuracy.value).toBe(1);
        expect(samples.anatomy?.rates.both).toBeGreaterThanOrEqual(0);
        expect(samples.classes.histogram.reduce((sum, n) => sum + n)).toBe(60);
      }));

    it('has no anatomy gap to a reference without the class', async () => {
      const one = (label: number) => ({
        ...sampleSet(20, 0.5),
        probabilities: {
          data: Float32Array.from({ length: 200 }, (_, at) => (at % 10 === label ? 1 : 0)),
          shape: [20, 10],
        },
      });
      const { anatomy } = await scoreSamples(one(1), one(2), key, { resamples: 40 });
      expect(anatomy?.perClass[1]?.count).toBe(20);
      expect(anatomy).not.toHaveProperty('gap');
      expect((await scoreSamples(one(1), one(1), key, { resamples: 40 })).anatomy?.gap?.both).toBe(0);
    });

    it('asks for enough real pictures', async () => {
      const sets = { samples: sampleSet(60, 1), real: sampleSet(50, 0.2), reference: sampleSet(120, 0) };
      await expect(scoreWithFloor(sets, key)).rejects.toThrow(/number of real must be that of the samples, 60.*not 50/);
    });
  },
  ['cpu', 'simd'],
);

describe('conditionalAccuracy', () => {
  it('tells more classes apart than a byte can number', () => {
    const probabilities = new Float32Array(3 * 300);
    const asked = [299, 5, 256];
    asked.forEach((label, row) => (probabilities[row * 300 + label] = 1));
    const rows = { data: probabilities, shape: [3, 300] };
    expect([...predictedLabels(rows)]).toEqual(asked);
    expect(conditionalAccuracy(confusion(asked, rows)).accuracy).toBe(1);
  });

  it('has a row for each class, also of shards', () => {
    const probabilities = classProbabilities();
    const recognised = predictedLabels(probabilities);
    const asked = recognised.map((label, i) => (i % 4 === 0 ? (label + 1) % 10 : label));
    const whole = confusion(asked, probabilities);
    const parts = [0, 70].map((from, i) => {
      const to = i === 0 ? 70 : 200;
      return confusion(asked.subarray(from, to), sliceRows(probabilities, from, to));
    });
    expect(mergeConfusions(parts)).toEqual(whole);
    const { accuracy, perClass } = conditionalAccuracy(whole);
    expect(accuracy).toBe(0.75);
    expect(perClass.map(({ label }) => label)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(perClass.reduce((sum, { right }) => sum + right, 0)).toBe(150);
  });
});
