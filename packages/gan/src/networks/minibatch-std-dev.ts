import { ConfigError, requireInteger, tf } from '@lab/core';
import { layersOf } from './layers-of.ts';

type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

export interface MinibatchStdDevArgs extends LayerArgs {
  /**
   * Images that are compared with each other, neighbours in the batch; at least 2. The batch must be a multiple.
   *
   * @default 4
   */
  readonly groupSize?: number;
}

/**
 * Tells D how varied its minibatch is: `[B, ..., C]` to `[B, ..., C + 1]`, the new channel being the standard deviation of
 * each feature over its group, averaged over all features. A G that paints the same again and again gives itself away.
 *
 * Karras et al. 2018, "Progressive Growing of GANs", section 3; in groups as in the authors' code.
 */
export class MinibatchStdDev extends tf.layers.Layer {
  static readonly className = 'MinibatchStdDev';
  readonly groupSize: number;

  constructor(args: MinibatchStdDevArgs = {}) {
    super(args);
    this.groupSize = requireInteger('groupSize', args.groupSize ?? 4, { min: 2 });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = inputShape as tf.Shape;
    return [...shape.slice(0, -1), shape.at(-1)! + 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.tidy(() => tf.concat([x, this.#spread(x)], -1));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), groupSize: this.groupSize };
  }

  /** How many groups a batch makes. @throws ConfigError unless it is a multiple of the group size. */
  groupsOf(batch: number): number {
    const groups = batch / this.groupSize;
    if (Number.isInteger(groups)) return groups;
    const expected = `a multiple of ${this.groupSize}, the group size of ${this.name}`;
    throw new ConfigError({ field: 'The batch size', value: batch, expected });
  }

  #spread(x: tf.Tensor): tf.Tensor {
    const batch = x.shape[0]!;
    const groups = this.groupsOf(batch);
    const grouped = tf.reshape(x, [groups, this.groupSize, -1]);
    const variance = tf.mean(tf.square(tf.sub(grouped, tf.mean(grouped, 1, true))), 1);
    const spread = tf.mean(tf.sqrt(tf.add(variance, 1e-8)), 1);
    const ones = x.shape.map(() => 1);
    const perImage = tf.reshape(tf.mul(tf.reshape(spread, [groups, 1]), tf.ones([1, this.groupSize])), [
      batch,
      ...ones.slice(1),
    ]);
    return tf.mul(perImage, tf.ones([1, ...x.shape.slice(1, -1), 1]));
  }
}

/** The layers of a model that compare the images of a batch with each other. */
export function batchComparersOf(model: tf.LayersModel): MinibatchStdDev[] {
  return layersOf(model).filter((layer) => layer instanceof MinibatchStdDev);
}

tf.serialization.registerClass(MinibatchStdDev);
