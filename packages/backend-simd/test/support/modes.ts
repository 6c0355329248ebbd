import { describe } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../../src/backend.ts';
import { configureSimd, type SimdOptions } from '../../src/index.ts';

export interface Mode {
  readonly name: string;
  readonly options: Required<SimdOptions>;
}

/** Every way the kernels are compiled, with and without a second thread. */
export const modes: readonly Mode[] = [
  { name: 'relaxed, 2 threads', options: { relaxed: true, shared: true, threads: 2 } },
  { name: 'relaxed, 1 thread, unshared', options: { relaxed: true, shared: false, threads: 1 } },
  { name: 'plain, 2 threads', options: { relaxed: false, shared: true, threads: 2 } },
  { name: 'plain, 1 thread, unshared', options: { relaxed: false, shared: false, threads: 1 } },
];

/** A fresh `simd` backend with these options, made tfjs's current one. What ran before loses its tensors. */
export async function startSimd(options: SimdOptions = {}): Promise<SimdBackend> {
  stopSimd();
  configureSimd(options);
  if (!(await tf.setBackend('simd'))) throw new Error('simd did not start');
  return tf.backend() as unknown as SimdBackend;
}

export function stopSimd(): void {
  if (tf.engine().registry['simd']) tf.removeBackend('simd');
}

/** A suite for each mode, with the mode in its name. */
export function describeModes(title: string, body: (mode: Mode) => void): void {
  describe.each(modes)(`${title} [$name]`, body);
}
