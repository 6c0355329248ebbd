import { ConfigError, requireInteger, tf } from '../index.ts';
import { attend } from './attend.ts';
import type { LayerArgs } from './layer-args.ts';

export interface SelfAttentionArgs extends LayerArgs {
  /**
   * Heads that attend each with a share of the channels, at least 1.
   *
   * @default 1
   */
  readonly heads?: number;
}

/**
 * Every pixel attends to all pixels of its image: from queries, keys and values beside each other in the channels,
 * `[B, H, W, 3 C]`, to `[B, H, W, C]`. It has no weights: put a convolution of 1x1 before it and one behind.
 *
 * Wang et al. 2018, "Non-local Neural Networks", as Ho et al. 2020 use it; see `attend`.
 */
export class SelfAttention extends tf.layers.Layer {
  static readonly className = 'SelfAttention';
  readonly heads: number;

  constructor(args: SelfAttentionArgs = {}) {
    super(args);
    this.heads = requireInteger('heads', args.heads ?? 1, { min: 1 });
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape).at(-1)!;
    if (channels % (3 * this.heads) !== 0) {
      const expected = `a divisor of a third of the ${channels} channels`;
      throw new ConfigError({ field: `heads of ${this.name}`, value: this.heads, expected });
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = inputShape as tf.Shape;
    return [...shape.slice(0, -1), shape.at(-1)! / 3];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
      const [batch, height, width, channels] = x.shape;
      const pixels = tf.reshape(x, [batch, height * width, channels]);
      const [queries, keys, values] = tf.split(pixels, 3, 2) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
      return tf.reshape(attend(queries, keys, values, this.heads), [batch, height, width, channels / 3]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), heads: this.heads };
  }
}

tf.serialization.registerClass(SelfAttention);
