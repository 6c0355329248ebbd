import { requireInteger, tf } from '../index.ts';
import type { LayerArgs } from './layer-args.ts';

export interface NearestUpsamplingArgs extends LayerArgs {
  /**
   * Rows and columns that each pixel becomes, at least 1.
   *
   * @default 2
   */
  readonly factor?: number;
}

/**
 * Every pixel repeated in `factor` rows and columns: `[B, H, W, C]` to `[B, factor H, factor W, C]`.
 *
 * Its gradient sums the copies, by average pooling. That of tf.image.resizeNearestNeighbor goes wrong on tfjs's cpu backend
 * from the second image of a batch on (4.22: it looks the image up by the strides of the small one).
 */
export function upsample(x: tf.Tensor4D, factor = 2): tf.Tensor4D {
  const [, height, width] = x.shape;
  const repeated = tf.customGrad((small) => ({
    value: tf.image.resizeNearestNeighbor(small as tf.Tensor4D, [factor * height, factor * width]),
    gradFunc: (dy: tf.Tensor) => tf.mul(tf.avgPool(dy as tf.Tensor4D, factor, factor, 'valid'), factor ** 2),
  }));
  return repeated(x) as tf.Tensor4D;
}

/** `upsample` as a layer. */
export class NearestUpsampling extends tf.layers.Layer {
  static readonly className = 'NearestUpsampling';
  readonly factor: number;

  constructor(args: NearestUpsamplingArgs = {}) {
    super(args);
    this.factor = requireInteger('factor', args.factor ?? 2, { min: 1 });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, height, width, channels] = inputShape as tf.Shape;
    const larger = (size: number | null | undefined) => (size == null ? null : size * this.factor);
    return [batch!, larger(height), larger(width), channels!];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return upsample((Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D, this.factor);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), factor: this.factor };
  }
}

tf.serialization.registerClass(NearestUpsampling);
