import { configureSimd, type SimdOptions } from '@lab/backend-simd';
import { tf } from '@lab/core';
import { afterEach, describe, expect, it } from 'vitest';
import { runSequence } from '../src/fuzz/sequence.ts';

const SEQUENCES = 60;

describe('random sequences of operations', () => {
  afterEach(() => tf.removeBackend('simd'));

  it.each<[string, SimdOptions]>([
    ['two threads on shared memory', { threads: 2 }],
    ['one thread', { threads: 1, shared: false }],
  ])('compute what they do on cpu, with %s', async (_, options) => {
    configureSimd(options);
    const counts = { operations: 0, derivatives: 0 };
    for (let seed = 0; seed < SEQUENCES; seed++) await runSequence(seed, counts);
    expect(counts.operations).toBeGreaterThan(SEQUENCES * 4);
    expect(counts.derivatives).toBeGreaterThan(SEQUENCES);
  });
});
