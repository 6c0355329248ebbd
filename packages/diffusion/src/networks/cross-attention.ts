import { tf } from '@lab/core';
import { attend } from '@lab/core/layers';

/**
 * Every pixel attends to one token of each picture: from `[queries, keys and values beside each other]`, `[B, H, W, C]` and
 * `[B, 2 C]`, to `[B, H, W, C]`. It has no weights. Among one token there is nothing to choose: every pixel gets its value.
 *
 * Vaswani et al. 2017, equation 1; as Rombach et al. 2022 tell a U-Net its text.
 */
export class CrossAttention extends tf.layers.Layer {
  static readonly className = 'CrossAttention';

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return (inputShape as tf.Shape[])[0]!;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [queries, told] = inputs as [tf.Tensor4D, tf.Tensor2D];
      const [batch, height, width, channels] = queries.shape;
      const [keys, values] = tf.split(tf.reshape(told, [batch, 1, 2 * channels]), 2, 2) as [tf.Tensor3D, tf.Tensor3D];
      const pixels = tf.reshape(queries, [batch, height * width, channels]) as tf.Tensor3D;
      return tf.reshape(attend(pixels, keys, values), queries.shape);
    });
  }
}

tf.serialization.registerClass(CrossAttention);
