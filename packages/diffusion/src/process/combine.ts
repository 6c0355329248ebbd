import { tf } from '@lab/core';

/** The sum of tensors, each times its factor. What has the factor 0 is left out, and may be missing. */
export function combine(
  ...terms: readonly (readonly [factor: number, tensor: tf.Tensor4D | undefined])[]
): tf.Tensor4D {
  return tf.tidy(() => {
    const present = terms.filter(([factor]) => factor !== 0);
    const scaled = present.map(([factor, tensor]) => (factor === 1 ? tensor! : tf.mul(tensor!, factor)));
    if (scaled.length === 0) return tf.zerosLike(terms[0]![1]!);
    const sum = scaled.reduce((total, tensor) => tf.add(total, tensor)) as tf.Tensor4D;
    // The caller disposes of the result: it must not be one of the terms.
    return scaled.length === 1 ? tf.clone(sum) : sum;
  });
}
