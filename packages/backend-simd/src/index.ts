import type { SimdBackend } from './backend.ts';
import { multiplyAddPeak } from './multiply-add-peak.ts';
import { currentBackend, registerKernels, registerSimd, setOptions } from './register.ts';
import type { SimdInfo, SimdOptions } from './runtime.ts';

export { formatProfile } from './format-profile.ts';
export { profile, type KernelProfile, type Profile, type ProfileOptions } from './profile.ts';
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
  return requireBackend().runtime.info();
}

/**
 * The most multiplications and additions that this machine does with the backend's instructions and threads, from and to
 * registers alone, in GFLOP/s (a multiplication and an addition are two). What matrix products and convolutions are
 * measured against; takes about a tenth of a second.
 *
 * @throws Error if the backend hasn't been started by `await tf.setBackend('simd')`.
 */
export function measurePeak(): number {
  return multiplyAddPeak(requireBackend().runtime);
}

function requireBackend(): SimdBackend {
  const backend = currentBackend();
  if (!backend) throw new Error("simd has not started: await tf.setBackend('simd') first");
  return backend;
}
