import { tf } from '@lab/core';
import type { Matrix } from './rows.ts';

/** The products of some rows with all of the others'. */
export interface ProductBlock {
  /** The first of the rows. */
  readonly start: number;
  readonly count: number;
  /** `[count, M]`, float32. Valid until the next block is asked for. */
  readonly products: Float32Array;
}

/** Products in a block: 16 MB of them at a time. */
const blockEntries = 2 ** 22;

/**
 * All products x y of the rows of `a` and `b`, on the current backend, a block of rows of `a` at a time: this is what every
 * distance here costs.
 */
export async function* productBlocks(a: Matrix, b: Matrix): AsyncGenerator<ProductBlock> {
  const rows = Math.max(1, Math.floor(blockEntries / b.count));
  const right = tf.tensor2d(b.data, [b.count, b.size]);
  try {
    for (let start = 0; start < a.count; start += rows) {
      const count = Math.min(rows, a.count - start);
      const block = a.data.subarray(start * a.size, (start + count) * a.size);
      const product = tf.tidy(() => tf.matMul(tf.tensor2d(block, [count, a.size]), right, false, true));
      try {
        yield { start, count, products: (await product.data()) as Float32Array };
      } finally {
        product.dispose();
      }
    }
  } finally {
    right.dispose();
  }
}
