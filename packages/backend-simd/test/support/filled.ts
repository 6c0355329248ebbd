import { expect } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';

/** Both kinds of WebAssembly memory. */
export const memories = [
  { name: 'shared', options: { threads: 2, shared: true } },
  { name: 'unshared', options: { threads: 1, shared: false } },
];

/** A tensor of which every element is `value`, without a look at WebAssembly memory. */
export function filledWith(value: number, count: number): tf.Tensor1D {
  return tf.tensor1d(new Float32Array(count).fill(value));
}

export function expectFilled(tensor: tf.Tensor, value: number): void {
  expect(tensor.dataSync().every((x) => x === value)).toBe(true);
}
