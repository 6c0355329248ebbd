import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.ts';
import { claims, evenly, everyMagnitude, worstError, worstNormal } from './support/accuracy.ts';
import { startSimd, stopSimd } from './support/modes.ts';

const grids: readonly [string, () => Float32Array][] = [
  ['every magnitude, subnormals and infinities too', everyMagnitude],
  ['[-104, 104]', () => evenly(-104, 104, 300_001)],
  ['[-2, 2]', () => evenly(-2, 2, 300_001)],
];

describe.each(['relaxed', 'plain'] as const)('errors against float64, in ulp [%s]', (build) => {
  let simd: SimdBackend;

  beforeAll(async () => {
    simd = await startSimd({ relaxed: build === 'relaxed', threads: 2 });
  });
  afterAll(stopSimd);

  describe.each(Object.entries(claims))('%s', (name, claim) => {
    it.each(grids)('over %s', (_grid, make) => {
      const worst = worstError(simd, name, claim, make());
      expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(claim.bound);
    });
  });

  it('normal numbers', () => {
    const worst = worstNormal(simd, 1_000_000);
    expect(worst.ulps).toBeLessThanOrEqual(4);
    expect(worst.absolute).toBeLessThanOrEqual(1e-6);
  });
});
