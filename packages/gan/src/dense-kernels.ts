import { tf } from '@lab/core';

/** The activations whose derivative can be read off their value. */
export type DenseActivation = 'linear' | 'relu' | 'sigmoid';

/** A dense layer, `activation(x kernel + bias)`, `[B, n]`, in one kernel call. */
export function dense(x: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor, activation: DenseActivation): tf.Tensor2D {
  // tf.fused.matMul makes everything rank 3 and back again, four more calls; of all backends only wasm's kernel needs it.
  if (tf.getBackend() === 'wasm') return tf.fused.matMul({ a: x, b: kernel, bias, activation }) as tf.Tensor2D;
  const attrs = { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0 };
  return tf.engine().runKernel('_FusedMatMul', { a: x, b: kernel, bias }, attrs) as tf.Tensor2D;
}

/**
 * The derivatives before the activation, `[B, n]`, and with respect to the bias, `[n]`, for the layer's value `y` and the
 * derivative `dy` with respect to it, which must not be used again. One call where the backend has the kernel
 * `DenseActivationGrad` (inputs `y` and `dy`, attribute `activation`, outputs these two, the first in the place of `dy`).
 */
export function activationGradients(
  activation: DenseActivation,
  y: tf.Tensor2D,
  dy: tf.Tensor2D,
): readonly [tf.Tensor2D, tf.Tensor1D] {
  if (tf.getKernel('DenseActivationGrad', tf.getBackend()) !== undefined) {
    return tf.engine().runKernel('DenseActivationGrad', { y, dy }, { activation }) as [tf.Tensor2D, tf.Tensor1D];
  }
  const dSum = throughActivation(activation, y, dy);
  return [dSum, tf.sum(dSum, 0)];
}

/** The derivative before the activation, in one call where there is a kernel for it; `dy` must not be used again. */
export function beforeActivation(activation: DenseActivation, y: tf.Tensor2D, dy: tf.Tensor2D): tf.Tensor2D {
  return activation === 'linear' ? dy : activationGradients(activation, y, dy)[0];
}

/** The derivative before the activation, as it is defined: relu' = [y > 0], sigmoid' = y (1 - y). */
export function throughActivation(activation: DenseActivation, y: tf.Tensor2D, dy: tf.Tensor2D): tf.Tensor2D {
  if (activation === 'linear') return dy;
  if (activation === 'relu') return tf.mul(dy, tf.step(y));
  return tf.mul(dy, tf.mul(y, tf.sub(1, y)));
}
