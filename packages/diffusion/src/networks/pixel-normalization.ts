import { tf } from '@lab/core';
import { groupNorm } from '@lab/core/layers';

/**
 * Layer normalisation (Ba et al. 2016) of each pixel's channels, `[B, H, W, C]`, with a trainable scale `gamma` and offset `beta` a
 * channel. That of tfjs-layers tiles both over all pixels, and the gradient of that takes a slice for every one of them.
 */
export class PixelNormalization extends tf.layers.Layer {
  static readonly className = 'PixelNormalization';
  #gamma: tf.LayerVariable | undefined;
  #beta: tf.LayerVariable | undefined;

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape).at(-1)!;
    this.#gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.ones());
    this.#beta = this.addWeight('beta', [channels], 'float32', tf.initializers.zeros());
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const pictures = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
      const [batch, height, width, channels] = pictures.shape;
      const x = tf.reshape(pictures, [batch * height * width, 1, 1, channels]) as tf.Tensor4D;
      const [gamma, beta] = [this.#gamma!.read(), this.#beta!.read()] as [tf.Tensor1D, tf.Tensor1D];
      return tf.reshape(groupNorm({ x, gamma, beta }, { groups: 1 }), pictures.shape);
    });
  }
}

tf.serialization.registerClass(PixelNormalization);
