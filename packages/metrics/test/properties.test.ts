import { RandomKey, tf } from '@lab/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import {
  classifierScore,
  classStatistics,
  frechetDistance,
  kernelDistance,
  labelEntropy,
  manifoldScores,
  memorisation,
  mergeClassStatistics,
  mergeMoments,
  moments,
  nearestNeighbours,
  type Rows,
} from '../src/index.ts';
import { pickRows, sliceRows } from '../src/rows.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Between two sets that overlap. */
const pair = fc
  .record({
    seed: fc.nat(),
    n: fc.integer({ min: 12, max: 40 }),
    m: fc.integer({ min: 12, max: 40 }),
    size: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ seed, n, m, size }) => {
    const key = RandomKey.fromSeed(seed);
    const rows = (count: number, mean: number, label: string): Rows => ({
      data: key.child(label).normalArray(count * size, mean, 1 + mean),
      shape: [count, size],
    });
    return { x: rows(n, 0.3, 'x'), y: rows(m, 0, 'y'), order: [...key.child('order').permutation(n)], key };
  });

const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => Promise<void> | void) =>
  fc.assert(
    fc.asyncProperty(arbitrary, async (value) => property(value)),
    { numRuns: 40 },
  );

const close = (a: number, b: number, tolerance = 1e-9) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(a), Math.abs(b)));

describe('moments', () => {
  it('are those of the whole, however it is cut, in any order, and through JSON', () =>
    check(fc.tuple(pair, fc.array(fc.integer({ min: 1, max: 11 }), { maxLength: 3 })), ([{ x, y }, cuts]) => {
      const n = x.shape[0]!;
      const bounds = [0, ...new Set(cuts.sort((a, b) => a - b)), n];
      const parts = bounds.slice(1).map((to, i) => moments(sliceRows(x, bounds[i]!, to)));
      const sent = JSON.parse(JSON.stringify(parts)) as typeof parts;
      expect(sent).toEqual(parts);
      const [whole, merged, reversed] = [moments(x), mergeMoments(sent), mergeMoments([...parts].reverse())];
      for (const each of [merged, reversed]) {
        expect(each.count).toBe(whole.count);
        whole.mean.forEach((value, d) => close(each.mean[d]!, value));
        whole.scatter.forEach((value, at) => close(each.scatter[at]!, value));
      }
      close(frechetDistance(merged, y), frechetDistance(x, moments(y)), 1e-6);
    }));
});

describe('distances', () => {
  it('are the same both ways round and in any order of the rows', () =>
    check(pair, async ({ x, y, order }) => {
      const shuffled = pickRows(x, order);
      close(frechetDistance(shuffled, y), frechetDistance(y, x), 1e-6);
      close((await kernelDistance(shuffled, y)).value, (await kernelDistance(y, x)).value, 1e-5);
      const [ofShuffled, ofX] = [await manifoldScores(shuffled, y), await manifoldScores(x, y)];
      for (const name of ['precision', 'recall', 'density', 'coverage'] as const) close(ofShuffled[name], ofX[name]);
    }));

  it('are nothing from a set to itself', () =>
    check(pair, async ({ x }) => {
      close(frechetDistance(x, x), 0, 1e-6);
      expect((await nearestNeighbours(x, x)).distances.every((distance) => distance === 0)).toBe(true);
    }));

  it('find a copy also beside rows that float32 products can’t tell from it', async () => {
    const x = { data: Float32Array.of(1, 1.00001, 1.00002, -3), shape: [4, 1] };
    const { indices, distances } = await nearestNeighbours(x, x);
    expect([...indices]).toEqual([0, 1, 2, 3]);
    expect([...distances]).toEqual([0, 0, 0, 0]);
  });

  it('of normal sets are those of their means and spreads', () => {
    const key = RandomKey.fromSeed(5);
    const near = { data: key.child('a').normalArray(40_000, 0, 1), shape: [20_000, 2] };
    const far = { data: key.child('b').normalArray(40_000, 3, 2), shape: [20_000, 2] };
    // |3, 3|^2 + two times (2 - 1)^2
    close(frechetDistance(near, far), 20, 0.02);
  });

  it('keep to their bounds', () =>
    check(pair, async ({ x, y }) => {
      expect(frechetDistance(x, y)).toBeGreaterThanOrEqual(0);
      const { precision, recall, density, coverage } = await manifoldScores(x, y, { neighbours: 3 });
      for (const share of [precision, recall, coverage]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(density).toBeLessThanOrEqual(y.shape[0]! / 3);
      expect(precision > 0).toBe(density > 0);
      const { value, low, high } = await kernelDistance(x, y);
      expect(low <= value && value <= high).toBe(true);
    }));

  it('find a set wholly inside itself, also where rows repeat', () =>
    check(pair, async ({ x }) => {
      const twice = pickRows(
        x,
        [...Array(x.shape[0]).keys()].flatMap((i) => [i, i, i]),
      );
      for (const rows of [x, twice]) {
        const { precision, recall, coverage } = await manifoldScores(rows, rows, { neighbours: 2 });
        expect([precision, recall, coverage]).toEqual([1, 1, 1]);
      }
    }));
});

describe('memorisation', () => {
  it('tells copies from new rows', () =>
    check(pair, async ({ x, y }) => {
      // On a line two sets may hold the same float32 number, and a new row is a copy by chance.
      fc.pre(x.shape[1]! > 1);
      const copied = await memorisation(x, x, y);
      expect([copied.median, copied.nearerThanHeldOut, copied.suspicious]).toEqual([0, 1, 1]);
      const same = await memorisation(y, x, y);
      close(same.nearerThanHeldOut, 0.5);
      expect(same.median).toBe(same.heldOutMedian);
      const ordered = [...same.order].map((i) => same.nearest.distances[i]!);
      expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
    }));
});

describe('class statistics', () => {
  const probabilities = fc
    .array(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), {
      minLength: 2,
      maxLength: 30,
    })
    .map((rows) => ({
      data: Float32Array.from(rows.flatMap((row) => row.map((p) => p / row.reduce((a, b) => a + b, 0)))),
      shape: [rows.length, 4],
    }));

  it('add up, and keep to their bounds', () =>
    check(probabilities, (rows) => {
      const whole = classStatistics(rows);
      const parts = [sliceRows(rows, 0, 1), sliceRows(rows, 1, rows.shape[0]!)].map(classStatistics);
      const merged = mergeClassStatistics(JSON.parse(JSON.stringify(parts)) as typeof parts);
      expect(merged.histogram).toEqual(whole.histogram);
      close(classifierScore(merged), classifierScore(whole));
      expect(classifierScore(whole)).toBeGreaterThanOrEqual(1);
      expect(classifierScore(whole)).toBeLessThanOrEqual(4 + 1e-9);
      expect(labelEntropy(whole.histogram)).toBeGreaterThanOrEqual(0);
      expect(labelEntropy(whole.histogram)).toBeLessThanOrEqual(1 + 1e-12);
    }));

  it('are highest for sure and even classes, lowest for one', () => {
    const sure = { data: Float32Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? 1 : 0)), shape: [4, 4] };
    close(classifierScore(classStatistics(sure)), 4);
    expect(labelEntropy(classStatistics(sure).histogram)).toBe(1);
    const one = sliceRows(sure, 0, 1);
    close(classifierScore(classStatistics(one)), 1);
    expect(labelEntropy(classStatistics(one).histogram)).toBe(0);
  });
});
