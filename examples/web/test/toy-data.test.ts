import { RandomKey } from '@lab/core';
import { describe, expect, it } from 'vitest';
import { coverage, drawPoints, mixtures, pointBatches } from '../src/worker/toy-data.ts';

describe('mixtures', () => {
  it('are covered by points of their own', () => {
    for (const [name, modes] of [
      ['ring', 8],
      ['grid', 25],
      ['pair', 2],
    ] as const) {
      const points = drawPoints(mixtures[name], RandomKey.fromSeed(1), 2000);
      const found = coverage(mixtures[name], points);
      expect([found.modes, found.covered]).toEqual([modes, modes]);
      // Within three standard deviations in two dimensions: 1 - exp(-9 / 2).
      expect(found.nearMode).toBeCloseTo(0.989, 1);
    }
  });

  it('are not covered by points elsewhere', () => {
    const middle = new Float32Array(20);
    expect(coverage(mixtures.ring, middle)).toEqual({ modes: 8, covered: 0, nearMode: 0 });
  });

  it('give the same batch for the same step, wherever they start', () => {
    const [third] = pointBatches(mixtures.grid, { seed: 3, startStep: 2, count: 4 });
    const batches = pointBatches(mixtures.grid, { seed: 3, startStep: 0, count: 4 });
    const fromStart = [batches.next(), batches.next(), batches.next()];
    expect(fromStart[2]!.value).toEqual(third);
    expect(fromStart[1]!.value).not.toEqual(third);
  });
});
