import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.ts';
import { kernels } from '../src/register.ts';
import { specs } from './kernels/specs.ts';
import { evaluate } from './support/evaluate.ts';
import { describeModes, startSimd, stopSimd } from './support/modes.ts';

/** Random calls of each kernel, in each mode: more of them find rarer faults. */
const numRuns = Number(process.env['LAB_KERNEL_CALLS'] ?? 60);
// None, or NaN, would pass whatever the kernels do.
if (!(numRuns >= 1))
  throw new Error(`LAB_KERNEL_CALLS must be a number at least 1, not ${process.env['LAB_KERNEL_CALLS']}`);

describe('the list of kernels', () => {
  it('names every kernel of ours, so that a new one is not forgotten', () => {
    expect(Object.keys(specs).sort()).toEqual(Object.keys(kernels).sort());
  });
});

describeModes('kernels answer as those they replace', ({ options }) => {
  let simd: SimdBackend;

  beforeAll(async () => {
    simd = await startSimd(options);
  });
  afterAll(stopSimd);

  const timeout = 1000 * numRuns;
  it.each(Object.entries(specs))('%s', { timeout }, (name, { calls, large, check }) => {
    const property = fc.property(calls, (call) => check(name, call, evaluate(simd, name, call)));
    fc.assert(property, { numRuns });
    for (const call of large) check(name, call, evaluate(simd, name, call));
  });
});
