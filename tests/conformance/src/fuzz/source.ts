import { tf } from '@lab/core';
import type { Draw } from './draw.ts';

export type Dtype = 'float32' | 'int32' | 'bool';

/** What numbers the fresh tensors of a sequence hold. */
export type Content =
  /** In [-4, 4]. */
  | 'real'
  /** From -3 to 3: ties, zeros, and sums that are exact. */
  | 'integer'
  /** The first kind with NaN, infinities, zeros of both signs and subnormals among them. */
  | 'special';

const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 2 ** -140, -(2 ** -149), 3e38];
const MOST_LIVE = 8;

/** Where the operations of a sequence take their operands from: results of those before, views of them, fresh numbers. */
export class Source {
  readonly draw: Draw;
  readonly content: Content;
  private live: tf.Tensor[] = [];

  constructor(draw: Draw, content: Content) {
    this.draw = draw;
    this.content = content;
  }

  /** Takes in a result. The oldest ones are disposed of, so that their memory is used again. */
  keep(result: tf.Tensor): void {
    this.live.push(result);
    if (this.live.length > MOST_LIVE) this.live.shift()?.dispose();
    if (this.draw.chance(0.2)) this.live.splice(this.draw.integer(0, this.live.length - 1), 1)[0]?.dispose();
  }

  /** A tensor of any shape: often a result. */
  any(dtype: Dtype = 'float32'): tf.Tensor {
    const results = this.live.filter((x) => x.dtype === dtype);
    return results.length > 0 && this.draw.chance(0.75) ? this.draw.pick(results) : this.tensor(this.shape(), dtype);
  }

  /** A tensor of this shape: a result's numbers if they suffice, as a view or a copied part, or fresh ones. */
  tensor(shape: readonly number[], dtype: Dtype = 'float32'): tf.Tensor {
    const size = tf.util.sizeFromShape([...shape]);
    const enough = this.live.filter((x) => x.dtype === dtype && x.size >= size && size > 0);
    if (enough.length === 0 || this.draw.chance(0.4)) return this.fresh(shape, dtype);
    const result = this.draw.pick(enough);
    if (result.size === size) return tf.reshape(result, [...shape]);
    return tf.reshape(tf.slice(tf.reshape(result, [-1]), this.draw.integer(0, result.size - size), size), [...shape]);
  }

  /** Sizes of 0 and 1 are frequent, and large tensors, which several threads share, are there. */
  shape(leastRank = 0, mostRank = 4): number[] {
    const rank = this.draw.integer(leastRank, mostRank);
    if (rank > 0 && this.draw.chance(0.06)) return this.largeShape(rank);
    return Array.from({ length: rank }, () => (this.draw.chance(0.02) ? 0 : this.draw.integer(1, rank > 2 ? 6 : 20)));
  }

  private largeShape(rank: number): number[] {
    const first = this.draw.integer(20_000, 60_000);
    if (rank === 1) return [first];
    const last = this.draw.integer(1, 200);
    return [Math.ceil(first / last), ...Array.from({ length: rank - 2 }, () => 1), last];
  }

  private fresh(shape: readonly number[], dtype: Dtype): tf.Tensor {
    const length = tf.util.sizeFromShape([...shape]);
    return tf.tensor(
      Array.from({ length }, () => this.number(dtype)),
      [...shape],
      dtype,
    );
  }

  private number(dtype: Dtype): number {
    const { draw } = this;
    if (dtype === 'bool') return draw.integer(0, 1);
    if (dtype === 'int32') return draw.integer(-9, 9);
    if (this.content === 'special' && draw.chance(0.1)) return draw.pick(SPECIAL);
    return this.content === 'integer' ? draw.integer(-3, 3) : draw.uniform() * 8 - 4;
  }
}
