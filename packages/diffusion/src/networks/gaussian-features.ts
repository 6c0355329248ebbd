import { initialiser, RandomKey, requireNumber, tf } from '@lab/core';
import { requireMultiple } from '../unet-options.ts';

/** Arguments of `GaussianFeatures`. */
export interface GaussianFeaturesArgs {
  readonly name?: string;
  /** Length of the result, even, at least 2. */
  readonly features: number;
  /**
   * Standard deviation of the frequencies, above 0.
   *
   * @default 30
   */
  readonly scale?: number;
  /**
   * Words of the key that the frequencies are drawn from.
   *
   * @default those of seed 0
   */
  readonly keyWords?: readonly [number, number];
}

/**
 * `[sin(2 pi w t), cos(2 pi w t)]` with fixed normal frequencies w, from times `[B]` to `[B, features]`: Tancik et al. 2020, as in
 * Song et al. 2021, "Score-based", appendix C.
 */
export class GaussianFeatures extends tf.layers.Layer {
  static readonly className = 'GaussianFeatures';
  readonly #args: Required<Omit<GaussianFeaturesArgs, 'name'>>;
  #frequencies: tf.LayerVariable | undefined;

  constructor(args: GaussianFeaturesArgs) {
    super(args.name === undefined ? {} : { name: args.name });
    this.#args = {
      features: requireMultiple('features', args.features, 2, '2'),
      scale: requireNumber('scale', args.scale ?? 30, { above: 0 }),
      keyWords: args.keyWords ?? RandomKey.fromSeed(0).words,
    };
  }

  override build(): void {
    const { features, scale, keyWords } = this.#args;
    const normal = initialiser(RandomKey.fromWords(keyWords), { kind: 'normal', std: scale });
    this.#frequencies = this.addWeight('frequencies', [features / 2], 'float32', normal, undefined, false);
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return [(inputShape as tf.Shape)[0]!, this.#args.features];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const t = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor1D;
      const angles = tf.mul(2 * Math.PI, tf.mul(tf.reshape(t, [-1, 1]), this.#frequencies!.read()));
      return tf.concat([tf.sin(angles), tf.cos(angles)], 1);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { features, scale, keyWords } = this.#args;
    return { ...super.getConfig(), features, scale, keyWords: [...keyWords] };
  }
}

tf.serialization.registerClass(GaussianFeatures);
