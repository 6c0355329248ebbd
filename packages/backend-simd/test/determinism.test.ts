import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.ts';
import type { SimdOptions } from '../src/index.ts';
import { specs } from './kernels/specs.ts';
import { evaluate, type KernelCall } from './support/evaluate.ts';
import { startSimd, stopSimd } from './support/modes.ts';

function digest(simd: SimdBackend, name: string, call: KernelCall): string {
  const hash = createHash('sha256');
  for (const { values } of evaluate(simd, name, call)) hash.update(values);
  return hash.digest('hex');
}

/** A digest of each kernel's results on its large calls. */
async function digests(options: SimdOptions): Promise<Record<string, string[]>> {
  const simd = await startSimd(options);
  return Object.fromEntries(
    Object.entries(specs).map(([name, { large }]) => [name, large.map((call) => digest(simd, name, call))]),
  );
}

describe.each([
  { relaxed: true, threads: [1, 2, 2, 3] },
  { relaxed: false, threads: [2] },
])('the same bits [relaxed: $relaxed]', ({ relaxed, threads }) => {
  afterAll(stopSimd);

  it('whatever the number of threads, on shared memory or not, and once more', async () => {
    const expected = await digests({ relaxed, shared: false });
    for (const count of threads) {
      expect(await digests({ relaxed, threads: count }), `${count} threads`).toEqual(expected);
    }
  });
});

describe('many threads and small jobs', () => {
  afterAll(stopSimd);

  it('lose and repeat no chunk', async () => {
    const simd = await startSimd({ threads: 5 });
    const names = ['BatchMatMul', '_FusedMatMul', 'Add', 'Exp', 'Sum', 'ThreefryUniform'];
    for (const name of names) {
      const [first, second] = specs[name]!.large as [KernelCall, KernelCall];
      const expected = [digest(simd, name, first), digest(simd, name, second)];
      for (let i = 0; i < 100; i++) {
        expect([digest(simd, name, first), digest(simd, name, second)], name).toEqual(expected);
      }
    }
  });
});
