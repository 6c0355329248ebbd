import { tf } from '@lab/core';

/** `noise` of golden/make_golden.py: numbers in [-1, 1), the same in both languages. */
export function goldenNoise(count: number, stream: number, scale = 1, offset = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    let mixed = Math.imul(i + stream * 1_000_003 + 1, 2654435761) >>> 0;
    mixed = Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 0;
    mixed = (mixed ^ (mixed >>> 13)) >>> 0;
    return ((mixed >>> 8) * 2 ** -23 - 1) * scale + offset;
  });
}

export function goldenTensor(shape: number[], stream: number, scale = 1, offset = 0): tf.Tensor {
  return tf.tensor(goldenNoise(tf.util.sizeFromShape(shape), stream, scale, offset), shape);
}
