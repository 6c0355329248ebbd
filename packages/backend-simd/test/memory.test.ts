import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.ts';
import { configureSimd, simdInfo } from '../src/index.ts';
import { startSimd, stopSimd } from './support/modes.ts';
import { expectFilled, filledWith, memories } from './support/filled.ts';

describe.each(memories)('memory [$name]', ({ options }) => {
  let simd: SimdBackend;

  beforeAll(async () => {
    simd = await startSimd(options);
  });
  afterAll(stopSimd);

  it('is used again by the next step of a training', () => {
    const weights = tf.variable(tf.randomNormal([64, 300]));
    const step = () =>
      tf.tidy(() => {
        const x = tf.randomUniform<tf.Rank.R2>([32, 64], 0, 1, 'float32', 3);
        const loss = tf.mean(tf.square(tf.relu(tf.matMul(x, weights as unknown as tf.Tensor2D))));
        weights.assign(tf.sub(weights, tf.mul(loss, 1e-3)));
      });
    for (let i = 0; i < 20; i++) step();
    const { memoryBytes } = simdInfo();
    const { numTensors } = tf.memory();
    for (let i = 0; i < 3000; i++) step();
    expect(simdInfo().memoryBytes).toBe(memoryBytes);
    expect(tf.memory().numTensors).toBe(numTensors);
    weights.dispose();
  });

  it('grows while tensors are alive, which keep their numbers', () => {
    const before = simdInfo().memoryBytes;
    const tensors = Array.from({ length: 40 }, (_, i) => filledWith(i, 400_000 + i));
    expect(simdInfo().memoryBytes).toBeGreaterThan(before);
    tensors.forEach(expectFilled);
    expectFilled(tf.add(tensors[3] as tf.Tensor, 1), 4);
    tf.dispose(tensors);
  });

  it('keeps numbers that were read when the tensor is gone', () => {
    const x = filledWith(5, 1000);
    const values = x.dataSync();
    x.dispose();
    tf.dispose(filledWith(6, 1000));
    expect(values.every((value) => value === 5)).toBe(true);
    expect(values.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('is freed with the last tensor that shares it', () => {
    const ids = simd.numDataIds();
    const x = filledWith(3, 100);
    const clone = tf.clone(x);
    const view = tf.reshape(x, [10, 10]);
    expect(simd.numDataIds()).toBe(ids + 1);
    x.dispose();
    clone.dispose();
    tf.dispose(filledWith(4, 100));
    expectFilled(view, 3);
    view.dispose();
    expect(simd.numDataIds()).toBe(ids);
  });

  it('refuses tensors that were disposed of', () => {
    const x = filledWith(1, 10);
    x.dispose();
    expect(() => x.dataSync()).toThrow(/disposed/);
    expect(() => tf.add(x, 1)).toThrow();
    expect(() => tf.matMul(x as never, x as never)).toThrow();
  });

  it('moves tensors to another backend and back', async () => {
    const x = filledWith(2, 50);
    const int = tf.tensor1d([1, 2, 3], 'int32');
    const bool = tf.tensor1d([true, false, true], 'bool');
    const clone = tf.clone(x);
    await tf.setBackend('cpu');
    const onCpu = tf.mul(x, 3);
    expect(Array.from(tf.add(int, 1).dataSync())).toEqual([2, 3, 4]);
    expect(Array.from(tf.logicalNot(bool).dataSync())).toEqual([0, 1, 0]);
    await tf.setBackend('simd');
    expectFilled(tf.add(onCpu, x), 8);
    x.dispose();
    expectFilled(tf.add(onCpu, clone), 8);
    expect(Array.from(tf.where(bool, int, tf.neg(int)).dataSync())).toEqual([1, -2, 3]);
    tf.dispose([onCpu, clone, int, bool]);
  });

  it('follows its backend through thousands of switches', async () => {
    const x = tf.tensor1d(Float32Array.from({ length: 1000 }, (_, i) => i));
    let sum = tf.zeros([1000]);
    const add = () => {
      const next = tf.add(sum, x);
      sum.dispose();
      sum = next;
    };
    const { numTensors } = tf.memory();
    for (let i = 0; i < 3000; i++) {
      await tf.setBackend(i % 2 === 0 ? 'cpu' : 'simd');
      add();
    }
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(sum.dataSync()[999]).toBe(999 * 3000);
    tf.dispose([x, sum]);
  });

  it('reads numbers in the type of their tensor, which a cast may have changed without touching them', async () => {
    tf.engine().startScope();
    await tf.setBackend('cpu');
    const bool = tf.tensor1d([true, false, true, true, true], 'bool');
    const onCpu = [tf.cast(bool, 'int32'), tf.cast(tf.cast(bool, 'int32'), 'float32')];
    await tf.setBackend('simd');
    for (const x of [...onCpu, tf.cast(bool, 'int32'), tf.cast(tf.cast(bool, 'int32'), 'float32')]) {
      expect(Array.from(tf.mul(tf.cast(x, 'float32'), 3).dataSync())).toEqual([3, 0, 3, 3, 3]);
      expect(Array.from(tf.concat([x, x]).dataSync())).toEqual([1, 0, 1, 1, 1, 1, 0, 1, 1, 1]);
    }
    tf.engine().endScope();
  });

  it('gives back what such a cast took', () => {
    const castOften = (times: number) => {
      for (let i = 0; i < times; i++) {
        tf.tidy(() => void tf.cast(tf.cast(tf.notEqual(tf.ones([100_000]), 0), 'int32'), 'float32'));
      }
      return simdInfo().memoryBytes;
    };
    const taken = castOften(20);
    expect(castOften(500)).toBe(taken);
  });

  it('holds strings and complex numbers as tfjs does', () => {
    const { numTensors } = tf.memory();
    tf.tidy(() => {
      const strings = tf.tensor1d(['one', 'größe']);
      expect(Array.from(tf.concat([strings, strings]).dataSync())).toEqual(['one', 'größe', 'one', 'größe']);
      const complex = tf.complex(filledWith(1, 3), filledWith(2, 3));
      const product = tf.mul(complex, complex);
      expect(Array.from(tf.real(product).dataSync())).toEqual([-3, -3, -3]);
      expect(Array.from(product.dataSync())).toEqual([-3, 4, -3, 4, -3, 4]);
      expect(Array.from(tf.abs(complex).dataSync())).toEqual(Array(3).fill(Math.fround(Math.sqrt(5))));
      expect(Array.from(tf.spectral.ifft(tf.spectral.fft(complex)).dataSync()).map(Math.round)).toEqual([
        1, 2, 1, 2, 1, 2,
      ]);
    });
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('holds many thousands of small tensors', () => {
    const tensors = Array.from({ length: 20_000 }, (_, i) => tf.scalar(i));
    tensors.filter((_, i) => i % 3 === 0).forEach((tensor) => tensor.dispose());
    const more = Array.from({ length: 7000 }, (_, i) => tf.tensor1d([i, -i]));
    expect(tensors.every((tensor, i) => tensor.isDisposed || tensor.dataSync()[0] === i)).toBe(true);
    expect(more.every((tensor, i) => tensor.dataSync()[1] === -i)).toBe(true);
    tf.dispose([tensors, more]);
  });
});

describe('starting again', () => {
  afterAll(stopSimd);

  it('works after tf.removeBackend, with other options', async () => {
    await startSimd({ threads: 2 });
    const old = filledWith(1, 10);
    expect(() => configureSimd({ threads: 1 })).toThrow(/runs already/);
    tf.removeBackend('simd');
    expect(() => simdInfo()).toThrow(/has not started/);
    configureSimd({ threads: 1, relaxed: false });
    expect(await tf.setBackend('simd')).toBe(true);
    expect(simdInfo()).toMatchObject({ threads: 1, relaxed: false, shared: true });
    expectFilled(tf.add(filledWith(1, 10), 1), 2);
    old.dispose();
  });
});
