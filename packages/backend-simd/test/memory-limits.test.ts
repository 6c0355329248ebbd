import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.ts';
import { simdInfo } from '../src/index.ts';
import { startSimd, stopSimd } from './support/modes.ts';
import { expectFilled, filledWith, memories } from './support/filled.ts';

const GIB = 2 ** 30;

/** A tensor whose memory nobody has touched, so that a gibibyte costs nothing. */
function untouched(simd: SimdBackend, bytes: number): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(simd.output([bytes / 4]), simd as never);
}

describe.each(memories)('a fresh memory [$name]', ({ options }) => {
  afterAll(stopSimd);

  it("grows while a kernel runs, tfjs's or ours", async () => {
    await startSimd(options);
    const { memoryBytes } = simdInfo();
    const x = filledWith(1, 2_500_000);
    const results = [tf.erf(x), tf.concat([x, x, x]), tf.sum(tf.cast(x, 'int32')), tf.mul(x, 2)];
    expect(simdInfo().memoryBytes).toBeGreaterThan(memoryBytes * 4);
    expectFilled(results[0] as tf.Tensor, results[0]!.dataSync()[0] as number);
    expect(results[0]!.dataSync()[0]).toBeCloseTo(0.8427, 4);
    expectFilled(results[1] as tf.Tensor, 1);
    expectFilled(results[2] as tf.Tensor, 2_500_000);
    expectFilled(results[3] as tf.Tensor, 2);
  });
});

describe.each(memories)('when memory runs out [$name]', ({ options }) => {
  afterAll(stopSimd);

  it('says so, and goes on', async () => {
    const simd = await startSimd(options);
    const small = filledWith(7, 1000);
    const large: tf.Tensor[] = [];
    const fill = () => {
      for (;;) large.push(untouched(simd, GIB / 2));
    };
    expect(fill).toThrow(/^simd: no memory for a tensor of 512\.0 MiB; .* of at most 4096 MiB .*Dispose/);
    expect(large.length).toBeGreaterThanOrEqual(6);
    expectFilled(tf.add(small, 1), 8);
    large.pop()?.dispose();
    large.push(untouched(simd, GIB / 2));
    expect(() => untouched(simd, 2 * GIB)).toThrow(/no memory for a tensor of 2048\.0 MiB/);
    // The upper half of the address space is as good as the lower.
    const high = large.at(-1) as tf.Tensor;
    const part = tf.slice(tf.add(tf.slice(high, [0], [10]), NaN), [2], [3]);
    expect(Array.from(part.dataSync())).toEqual([NaN, NaN, NaN]);
    tf.dispose(large);
    expectFilled(tf.mul(small, 2), 14);
  });

  it('says so where a kernel finds none to work in, and gives its result back', async () => {
    const simd = await startSimd(options);
    const a = tf.reshape<tf.Rank.R2>(filledWith(1, 2 ** 20), [1024, 1024]);
    const b = tf.slice(a, [0, 0], [64, 1024]);
    const spare = untouched(simd, GIB / 1024);
    const large: tf.Tensor[] = [];
    for (const bytes of [GIB / 2, GIB / 16, GIB / 256]) {
      try {
        for (;;) large.push(untouched(simd, bytes));
      } catch {
        // Full, but for less than that.
      }
    }
    // Room for the result, and not for the packed operand.
    spare.dispose();
    const ids = simd.numDataIds();
    for (let i = 0; i < 3; i++) {
      expect(() => tf.matMul(b, a)).toThrow(/^simd: a kernel stopped, for want of memory to work in: .*Dispose/);
      expect(simd.numDataIds()).toBe(ids);
    }
    tf.dispose(large);
    expectFilled(tf.matMul(b, a), 1024);
  });

  it.each([
    ['2 GiB', [32_768, 16_384]],
    ['4 GiB', [32_768, 32_768]],
    ['a little more than 4 GiB, of which 32 bits show but the little', [32_769, 32_768]],
    ['1 TiB', [2 ** 19, 2 ** 19]],
  ])('refuses tensors of %s', async (_, shape) => {
    await startSimd(options);
    const { memoryBytes } = simdInfo();
    expect(() => tf.fill(shape, 1)).toThrow(/^simd: no memory for a tensor of \d+\.\d MiB/);
    const [column, row] = shape.map((n, i) => tf.ones(i === 0 ? [n, 1] : [1, n]));
    expect(() => tf.mul(column!, row!)).toThrow(/^simd: no memory/);
    expect(() => tf.matMul(column as tf.Tensor2D, row as tf.Tensor2D)).toThrow(/^simd: no memory/);
    expect(simdInfo().memoryBytes).toBeLessThan(memoryBytes + 2 ** 26);
    expectFilled(tf.add(row!, 1), 2);
  });
});
