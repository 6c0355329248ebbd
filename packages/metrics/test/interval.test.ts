import { ConfigError, RandomKey } from '@lab/core';
import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  classifierScore,
  classifierScoreInterval,
  classStatistics,
  frechetDistance,
  frechetInterval,
  labelEntropy,
  labelEntropyInterval,
  meanInterval,
} from '../src/index.ts';
import { classProbabilities, features } from './features.ts';

const key = RandomKey.fromSeed(3);

describe('bootstrap intervals', () => {
  it('cover the mean as often as they say', () => {
    const covered = Array.from({ length: 200 }, (_, run) => {
      const { low, high } = meanInterval(key.child('data').child(run).normalArray(100), key.child(run));
      return low <= 0 && 0 <= high;
    });
    // 95% of 200 runs are 190; 176 are within four standard deviations and the bootstrap's own shortfall.
    expect(covered.filter(Boolean).length).toBeGreaterThanOrEqual(176);
    expect(covered.filter(Boolean).length).toBeLessThan(200);
  });

  it('have the width of the standard error, and are the same for the same key', () => {
    const values = key.normalArray(400);
    const { value, low, high } = meanInterval(values, key.child('draws'), { resamples: 2000 });
    expect((high - low) / (2 * 1.96 * 0.05)).toBeCloseTo(1, 0.5);
    expect(meanInterval(values, key.child('draws'), { resamples: 2000 })).toEqual({ value, low, high });
  });

  it('lie around the statistics of a classifier', () => {
    const probabilities = classProbabilities();
    const statistics = classStatistics(probabilities);
    const score = classifierScoreInterval(probabilities, key);
    expect(score.value).toBeCloseTo(classifierScore(statistics), 6);
    expect(score.low < score.value && score.value < score.high).toBe(true);
    const entropy = labelEntropyInterval(probabilities, key);
    expect(entropy.value).toBeCloseTo(labelEntropy(statistics.histogram), 12);
    expect(entropy.low < entropy.value && entropy.value < entropy.high).toBe(true);
  });

  it('hold the statistic also where every draw is below it', () => {
    const even = { data: Float32Array.from({ length: 100 }, (_, at) => (at % 11 === 0 ? 1 : 0)), shape: [10, 10] };
    const { value, low, high } = labelEntropyInterval(even, key);
    expect(value).toBeCloseTo(1, 12);
    expect(high).toBe(value);
    expect(low).toBeLessThan(0.95);
  });

  it.each([[{ resamples: 10 }], [{ resamples: 99.5 }], [{ resample: 100 } as object]])('reject %j', (options) => {
    expect(() => bootstrapInterval(5, () => 0, key, options)).toThrow(ConfigError);
  });
});

describe('frechetInterval', () => {
  it('lies around the distance, and narrows with the samples', () => {
    const reference = features(600, 4, 0);
    const [few, many] = [100, 1600].map((count) => {
      const samples = { data: key.child('few').normalArray(count * 4, 0.5), shape: [count, 4] };
      const { value, low, high } = frechetInterval(samples, reference);
      expect(value).toBeCloseTo(frechetDistance(samples, reference), 9);
      expect(low < value && value < high).toBe(true);
      return high - low;
    });
    expect(many!).toBeLessThan(few! / 2);
  });

  it('is as wide for rows that come class by class in turn', () => {
    const count = 2000;
    const at = key.child('classes').normalArray(10, 3);
    const noise = key.child('in turn').normalArray(count);
    const data = noise.map((value, i) => value + at[i % 10]!);
    const order = key.child('shuffled').permutation(count);
    const shuffled = Float32Array.from(order, (i) => data[i]!);
    const reference = { data: noise, shape: [count, 1] };
    const [inTurn, mixed] = [data, shuffled].map((rows) => {
      const { low, high } = frechetInterval({ data: rows, shape: [count, 1] }, reference);
      return high - low;
    });
    // Two jackknives with 20 groups differ by chance: each is within a third of the truth, mostly. Groups of one class make it eight times as wide.
    expect(inTurn! / mixed!).toBeGreaterThan(0.5);
    expect(inTurn! / mixed!).toBeLessThan(2);
  });

  it('deals fewer samples than twenty one by one, and says how many it would need', () => {
    const few = (count: number) => frechetInterval(features(count, 4, 1), features(50, 4, 0));
    expect(few(15).high).toBeGreaterThan(few(15).value);
    expect(() => few(5)).toThrow(/number of samples must be so many that more than 4.*5 groups, not 5/);
  });

  it.each([[{ groups: 1 }], [{ groups: 101 }]])('rejects %j', (options) => {
    expect(() => frechetInterval(features(100, 4, 1), features(50, 4, 0), options)).toThrow(/groups/);
  });
});
