import { type RandomKey, tf } from '@lab/core';

/** How the size of a perturbation is measured: by its largest pixel, or by its Euclidean length. */
export type Norm = 'lInf' | 'l2';

export const normNames: readonly Norm[] = ['lInf', 'l2'];

/** Keeps a division by a norm of zero at zero. */
const tiny = 1e-30;

/** The step of norm 1 that gains most to first order: the gradient's sign, or the gradient at length 1. Zero stays zero. */
export function steepest(gradient: tf.Tensor4D, norm: Norm): tf.Tensor4D {
  if (norm === 'lInf') return tf.sign(gradient);
  // By its largest entry first: the square of a gradient of e^-60 is zero in float32.
  const scaled = tf.div(gradient, tf.maximum(tf.max(tf.abs(gradient), [1, 2, 3], true), tiny));
  return tf.div(scaled, tf.maximum(lengths(scaled as tf.Tensor4D), tiny));
}

/** The nearest perturbation of at most the given norm; `epsilon` is `[B, 1, 1, 1]`. */
export function projectOntoBall(perturbation: tf.Tensor4D, epsilon: tf.Tensor4D, norm: Norm): tf.Tensor4D {
  if (norm === 'lInf') return tf.minimum(tf.maximum(perturbation, tf.neg(epsilon)), epsilon);
  return tf.mul(perturbation, tf.minimum(1, tf.div(epsilon, tf.maximum(lengths(perturbation), tiny))));
}

/** Euclidean length of each picture, `[B, 1, 1, 1]`. */
export function lengths(pictures: tf.Tensor4D): tf.Tensor4D {
  return tf.sqrt(tf.sum(tf.square(pictures), [1, 2, 3], true)) as tf.Tensor4D;
}

/**
 * A perturbation drawn uniformly from the ball of radius 1.
 *
 * @param size Pixels of a picture, counting channels.
 */
export function drawInBall(key: RandomKey, size: number, norm: Norm): Float32Array {
  if (norm === 'lInf') return key.uniformArray(size, -1, 1);
  const normal = key.child('direction').normalArray(size);
  const [u] = key.child('radius').uniformArray(1);
  const scale = u! ** (1 / size) / Math.sqrt(normal.reduce((sum, value) => sum + value * value, 0));
  return normal.map((value) => value * scale);
}

/** The norms of each picture's perturbation, on the host. */
export interface PerturbationNorms {
  /** The largest change of a pixel, `[N]`. */
  readonly lInf: Float32Array;
  /** Euclidean length, `[N]`. */
  readonly l2: Float32Array;
}

export function perturbationNorms(perturbation: Float32Array, count: number): PerturbationNorms {
  const size = perturbation.length / count;
  const [lInf, l2] = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i++) {
    let [largest, squares] = [0, 0];
    for (const value of perturbation.subarray(i * size, (i + 1) * size)) {
      largest = Math.max(largest, Math.abs(value));
      squares += value * value;
    }
    lInf[i] = largest;
    l2[i] = Math.sqrt(squares);
  }
  return { lInf, l2 };
}
