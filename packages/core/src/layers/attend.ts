import { tf } from '../index.ts';

/**
 * Scaled dot-product attention, `softmax(Q K^T / sqrt(d)) V`, by `heads` heads of d = D / heads channels each: Vaswani et
 * al. 2017, equation 1 and section 3.2.2, without the projections.
 *
 * @param queries `[B, N, D]`.
 * @param keys `[B, M, D]`.
 * @param values `[B, M, D]`.
 * @param heads Divides D.
 * @returns `[B, N, D]`.
 */
export function attend(queries: tf.Tensor3D, keys: tf.Tensor3D, values: tf.Tensor3D, heads = 1): tf.Tensor3D {
  return tf.tidy(() => {
    const scaled = tf.div(queries, Math.sqrt(queries.shape[2] / heads)) as tf.Tensor3D;
    const [q, k, v] = [scaled, keys, values].map((x) => splitHeads(x, heads)) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const weights = tf.softmax(tf.matMul(q, k, false, true));
    return joinHeads(tf.matMul(weights, v), heads, queries.shape);
  });
}

/** `[B, N, D]` as `[B, heads, N, D / heads]`; one head needs no dimension of its own. */
function splitHeads(x: tf.Tensor3D, heads: number): tf.Tensor {
  if (heads === 1) return x;
  const [batch, positions, channels] = x.shape;
  return tf.transpose(tf.reshape(x, [batch, positions, heads, channels / heads]), [0, 2, 1, 3]);
}

function joinHeads(x: tf.Tensor, heads: number, shape: [number, number, number]): tf.Tensor3D {
  return (heads === 1 ? x : tf.reshape(tf.transpose(x, [0, 2, 1, 3]), shape)) as tf.Tensor3D;
}
