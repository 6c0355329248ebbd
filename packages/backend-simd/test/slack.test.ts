import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.ts';
import { startSimd, stopSimd } from './support/modes.ts';

/** Bytes a tensor takes with its slack and the allocator's header, and what the allocator keeps at the memory's end. */
function blockBytes(simd: SimdBackend, bytes: number): number {
  const [first, second] = [simd.output([bytes / 4]), simd.output([bytes / 4])].map((x) => simd.address(x));
  return (second as number) - (first as number);
}
const HEADER = 4;

/** Fills a fresh memory so that the next tensor of `count` numbers is the last thing in it. */
function fillUpTo(simd: SimdBackend, count: number): void {
  const end = simd.runtime.memory.buffer.byteLength;
  const wanted = blockBytes(simd, count * 4);
  const overhead = blockBytes(simd, 1024) - 1024;
  for (;;) {
    const free = end - simd.address(simd.output([1])) - blockBytes(simd, 4) * 3;
    if (free < 2000) break;
    simd.output([Math.floor(free / 8 / 16) * 4]);
  }
  const rest = end - simd.address(simd.output([1])) - blockBytes(simd, 4) * 3;
  simd.output([(rest - wanted - overhead) / 4]);
}

describe('the last tensor of the memory', () => {
  afterEach(stopSimd);

  it.each(Array.from({ length: 24 }, (_, i) => i + 1))('may be read in whole vectors: %i numbers', async (count) => {
    const simd = await startSimd({ shared: false });
    const { kernels, memory } = simd.runtime;
    const [out, other] = [simd.output([1000]), simd.output([1000])].map((x) => simd.address(x)) as [number, number];
    fillUpTo(simd, count);
    const x = simd.address(simd.output([count]));
    expect(memory.buffer.byteLength).toBe(2 ** 24);
    expect(memory.buffer.byteLength - x).toBeLessThan(count * 4 + 64 + 16 + HEADER);
    new Float32Array(memory.buffer, x, count).fill(1);
    // The strips of sixteen columns are the longest reads there are.
    kernels.denseActivationGrad(1, x, x, out, other, count, 1);
    expect(new Float32Array(memory.buffer, other, 1)[0]).toBe(count);
    kernels.matMul(x, out, other, 0, 1, 1, 1, count, 1, 0, 0, 0, 0);
    expect(new Float32Array(memory.buffer, other, 1)[0]).toBe(count);
    kernels.unary(0, x, out, count, 0, 0);
    kernels.softmax(x, out, 1, count, 0);
    expect(tf.backend()).toBe(simd);
  });
});
