import { ConfigError, type RandomKey, requireNumber, tf } from '@lab/core';
import { layersOf } from './layers-of.ts';

type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

export interface KeyedDropoutArgs extends LayerArgs {
  /** The share of units that is kept, above 0 and at most 1. */
  readonly keep: number;
}

/**
 * Dropout whose masks follow from a key, so that a resumed run drops what the uninterrupted one does (tfjs's own layer
 * draws from a generator that can be neither seeded per step nor saved). In training a unit is kept with
 * probability `keep` and divided by it; otherwise the layer changes nothing. `trainStep` sets the key.
 *
 * Srivastava et al. 2014, in the inverted form that Goodfellow's code has (`input_include_probs` and `input_scales`).
 */
export class KeyedDropout extends tf.layers.Layer {
  static readonly className = 'KeyedDropout';
  readonly keep: number;
  #key: RandomKey | undefined;
  #masks = 0;

  constructor(args: KeyedDropoutArgs) {
    super(args);
    this.keep = requireNumber('keep', args.keep, { above: 0, max: 1 });
  }

  /** From here on masks are drawn from `key`: the first call's from its first child, and so on. */
  useKey(key: RandomKey): void {
    this.#key = key;
    this.#masks = 0;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      return kwargs.training === true && this.keep < 1 ? tf.mul(x, this.#mask(x.shape)) : tf.clone(x);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), keep: this.keep };
  }

  #mask(shape: number[]): tf.Tensor {
    if (this.#key === undefined) {
      throw new ConfigError({
        field: `The key of dropout layer ${this.name}`,
        value: undefined,
        expected: 'set by useKey before training',
      });
    }
    const kept = tf.less(this.#key.child(this.#masks++).uniform(shape as [number, number]), this.keep);
    return tf.div(tf.cast(kept, 'float32'), this.keep);
  }
}

/** Gives every dropout layer of both networks a key of its own. */
export function rekeyDropout(
  gan: { readonly generator: tf.LayersModel; readonly discriminator: tf.LayersModel },
  key: RandomKey,
): void {
  let layers = 0;
  for (const model of [gan.generator, gan.discriminator]) {
    for (const layer of layersOf(model)) if (layer instanceof KeyedDropout) layer.useKey(key.child(layers++));
  }
}

tf.serialization.registerClass(KeyedDropout);
