import { tf } from '@lab/core';
import { type LabelledImages, toFloat } from '@lab/mnist-data';

/** Reads pictures `[n, height, width, 1]` in [0, 1]: the class of each. */
export type Judge = (images: tf.Tensor) => Uint8Array;

/** Pictures compared with at a time: a block of distances stays small. */
const blockSize = 2000;

/**
 * A judge that needs no training: a picture has the class of the nearest of these pictures, by the distance between
 * their pixels.
 */
export function nearestDigit(known: LabelledImages): Judge {
  return (images) => {
    const count = images.shape[0]!;
    const rows = tf.reshape(images, [count, -1]);
    const labels = new Uint8Array(count);
    const best = new Float32Array(count).fill(-Infinity);
    for (let start = 0; start < known.count; start += blockSize) {
      const [closeness, index] = closest(rows, block(known, start));
      for (let i = 0; i < count; i++) {
        if (closeness[i]! <= best[i]!) continue;
        best[i] = closeness[i]!;
        labels[i] = known.labels[start + index[i]!]!;
      }
    }
    rows.dispose();
    return labels;
  };
}

/** For each row x, the largest 2 x y - |y|^2, that is |x|^2 less the smallest squared distance, and whose it is. */
function closest(rows: tf.Tensor, pictures: Float32Array): [ArrayLike<number>, ArrayLike<number>] {
  const [value, index] = tf.tidy(() => {
    const y = tf.tensor2d(pictures, [pictures.length / rows.shape[1]!, rows.shape[1]!]);
    const closeness = tf.sub(tf.mul(2, tf.matMul(rows, y, false, true)), tf.sum(tf.square(y), 1));
    return [tf.max(closeness, 1), tf.argMax(closeness, 1)] as const;
  });
  const found: [ArrayLike<number>, ArrayLike<number>] = [value.dataSync(), index.dataSync()];
  tf.dispose([value, index]);
  return found;
}

function block(known: LabelledImages, start: number): Float32Array {
  const indices = Uint32Array.from({ length: Math.min(blockSize, known.count - start) }, (_, i) => start + i);
  return toFloat(known, indices, 'unit');
}
