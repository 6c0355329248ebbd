import { configureSimd, type SimdOptions } from '@lab/backend-simd';
import { tf } from '@lab/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSequence } from '../src/fuzz/sequence.ts';

const modes: readonly (readonly [string, SimdOptions])[] = [
  ['two threads on shared memory', { threads: 2 }],
  ['one thread', { threads: 1, shared: false }],
];

const SEQUENCES = 6;
const firstSeeds = Array.from({ length: 10 }, (_, i) => i * SEQUENCES);

describe.each(modes)('random sequences of operations compute what they do on cpu, with %s', (_, options) => {
  beforeAll(() => configureSimd(options));
  afterAll(() => tf.removeBackend('simd'));

  it.each(firstSeeds)('from seed %i', async (first) => {
    const counts = { operations: 0, derivatives: 0 };
    for (let seed = first; seed < first + SEQUENCES; seed++) await runSequence(seed, counts);
    expect(counts.operations).toBeGreaterThanOrEqual(4 * SEQUENCES);
    expect(counts.derivatives).toBeGreaterThan(0);
  });
});
