import { currentBackend, registerKernels, registerSimd, setOptions } from './register.ts';
import type { SimdInfo, SimdOptions } from './runtime.ts';

export type { SimdInfo, SimdOptions } from './runtime.ts';

registerSimd();
registerKernels();

/**
 * Chooses threads and instructions. Call it before `tf.setBackend('simd')`; the choice holds for the next time the
 * backend starts.
 *
 * @throws Error if the backend runs already: `tf.removeBackend('simd')`, which disposes of its tensors, comes first.
 * @throws RangeError or TypeError for an option out of its range.
 */
export function configureSimd(options: SimdOptions): void {
  if (currentBackend()) {
    throw new Error(
      "simd runs already: call configureSimd before tf.setBackend('simd'), or tf.removeBackend('simd') first",
    );
  }
  setOptions(options);
  registerSimd();
}

/**
 * What the running backend computes on.
 *
 * @throws Error if it hasn't been started by `await tf.setBackend('simd')`.
 */
export function simdInfo(): SimdInfo {
  const backend = currentBackend();
  if (!backend) throw new Error("simd has not started: await tf.setBackend('simd') first");
  return backend.runtime.info();
}
