import { ConfigError, requireInteger, requireNumber, tf } from '../index.ts';
import type { LayerArgs } from './layer-args.ts';

export interface TimeFeaturesArgs extends LayerArgs {
  /** Length of the result, even, at least 2. */
  readonly features: number;
  /**
   * The slowest wave's period is almost 2 pi times this; above 1.
   *
   * @default 10000
   */
  readonly maxPeriod?: number;
}

/**
 * `[sin(f_0 t), ..., cos(f_0 t), ...]` with the frequencies `f_i = maxPeriod^(-2i / features)`: Vaswani et al. 2017,
 * section 3.5, in the order that Ho et al. 2020 have it.
 *
 * @param t Times, any real numbers, `[B]`.
 * @param features Even.
 * @returns `[B, features]`.
 */
export function timeFeatures(t: tf.Tensor1D, features: number, maxPeriod = 1e4): tf.Tensor2D {
  return tf.tidy(() => {
    const half = features / 2;
    const frequencies = tf.tensor2d(
      Float32Array.from({ length: half }, (_, i) => maxPeriod ** (-i / half)),
      [1, half],
    );
    const angles = tf.matMul(tf.reshape(t, [-1, 1]), frequencies);
    return tf.concat([tf.sin(angles), tf.cos(angles)], 1) as tf.Tensor2D;
  });
}

/** `timeFeatures` as a layer, from `[B]` to `[B, features]`. */
export class TimeFeatures extends tf.layers.Layer {
  static readonly className = 'TimeFeatures';
  readonly features: number;
  readonly maxPeriod: number;

  constructor(args: TimeFeaturesArgs) {
    super(args);
    this.features = requireInteger('features', args.features, { min: 2 });
    if (this.features % 2 !== 0) {
      throw new ConfigError({ field: 'features', value: this.features, expected: 'an even number' });
    }
    this.maxPeriod = requireNumber('maxPeriod', args.maxPeriod ?? 1e4, { above: 1 });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return [(inputShape as tf.Shape)[0]!, this.features];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const t = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor1D;
    return timeFeatures(t, this.features, this.maxPeriod);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), features: this.features, maxPeriod: this.maxPeriod };
  }
}

tf.serialization.registerClass(TimeFeatures);
