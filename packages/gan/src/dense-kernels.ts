import { tf } from '@lab/core';
import { hasKernel } from './has-kernel.ts';

/** The activations whose derivative can be read off their value. */
export type DenseActivation = 'linear' | 'relu' | 'sigmoid';

/** Rows of numbers, `[B, n]`: a matrix, or its upper and lower half where the backend takes these. */
export type Rows = tf.Tensor2D | readonly [tf.Tensor2D, tf.Tensor2D];

/** Two matrices of one shape as rows, one above the other; they are not joined where the backend has the kernel `Dense`. */
export function stack(upper: tf.Tensor2D, lower: tf.Tensor2D): Rows {
  return hasKernel('Dense') ? [upper, lower] : tf.concat2d([upper, lower], 0);
}

/** A dense layer, `activation(x kernel + bias)`, `[B, n]`, in one kernel call. */
export function dense(x: Rows, kernel: tf.Tensor2D, bias: tf.Tensor, activation: DenseActivation): tf.Tensor2D {
  const engine = tf.engine();
  if (isHalved(x) || hasKernel('Dense')) {
    return engine.runKernel('Dense', { ...named(x), kernel, bias }, { activation }) as tf.Tensor2D;
  }
  // tf.fused.matMul makes everything rank 3 and back again, four more calls; of all backends only wasm's kernel needs it.
  if (tf.getBackend() === 'wasm') return tf.fused.matMul({ a: x, b: kernel, bias, activation }) as tf.Tensor2D;
  const attrs = { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0 };
  return engine.runKernel('_FusedMatMul', { a: x, b: kernel, bias }, attrs) as tf.Tensor2D;
}

/**
 * The derivatives with respect to a dense layer's kernel, `[k, n]`, and bias, `[n]`, for its input `x`, `[B, k]`, and the
 * derivative `dSum` before its activation, `[B, n]`. One call where the backend has the kernel `DenseWeightGrad`.
 */
export function weightGradients(x: Rows, dSum: tf.Tensor2D): readonly [tf.Tensor2D, tf.Tensor1D] {
  if (isHalved(x) || hasKernel('DenseWeightGrad')) {
    return tf.engine().runKernel('DenseWeightGrad', { ...named(x), dSum }) as [tf.Tensor2D, tf.Tensor1D];
  }
  return [tf.matMul(x, dSum, true, false), tf.sum(dSum, 0)];
}

/**
 * The derivative before the activation of the layer below, `[B, k]`, which put out `y`, for a dense layer's `kernel`, `[k, n]`,
 * and the derivative `dSum` before its own activation, `[B, n]`. One call where the backend has `DenseInputGrad`.
 */
export function inputGradient(
  dSum: tf.Tensor2D,
  kernel: tf.Tensor2D,
  y: tf.Tensor2D,
  activation: DenseActivation,
): tf.Tensor2D {
  if (hasKernel('DenseInputGrad')) {
    return tf.engine().runKernel('DenseInputGrad', { dSum, kernel, y }, { activation }) as tf.Tensor2D;
  }
  return throughActivation(activation, y, tf.matMul(dSum, kernel, false, true));
}

/** The derivative before the activation, as it is defined: relu' = [y > 0], sigmoid' = y (1 - y). */
export function throughActivation(activation: DenseActivation, y: tf.Tensor2D, dy: tf.Tensor2D): tf.Tensor2D {
  if (activation === 'linear') return dy;
  if (activation === 'relu') return tf.mul(dy, tf.step(y));
  return tf.mul(dy, tf.mul(y, tf.sub(1, y)));
}

function named(x: Rows): { x: tf.Tensor2D; below?: tf.Tensor2D } {
  return isHalved(x) ? { x: x[0], below: x[1] } : { x };
}

function isHalved(x: Rows): x is readonly [tf.Tensor2D, tf.Tensor2D] {
  return Array.isArray(x);
}
