import { ConfigError, requireInteger, requireNumber, requireOneOf, tf } from '../index.ts';
import { groupNorm, type NormActivation } from './group-norm.ts';
import type { LayerArgs } from './layer-args.ts';

export interface GroupNormalizationArgs extends LayerArgs {
  /** How many groups of neighbouring channels are normalised, each by itself; at least 1, divides the channels. */
  readonly groups: number;
  /**
   * Added to the variance, above 0.
   *
   * @default 1e-5
   */
  readonly epsilon?: number;
  /**
   * Applied to the normalised values.
   *
   * @default 'linear'
   */
  readonly activation?: NormActivation;
}

/**
 * Group normalisation over `[B, H, W, C]`, with a trainable scale `gamma` (at first 1) and offset `beta` (at first 0) a
 * channel; the same in training and elsewhere. Applied to two tensors `[x, shift]`, the second `[B, C]`, it normalises
 * `x + shift`.
 *
 * Wu & He 2018, "Group Normalization"; see `groupNorm`.
 */
export class GroupNormalization extends tf.layers.Layer {
  static readonly className = 'GroupNormalization';
  readonly groups: number;
  readonly epsilon: number;
  readonly activation: NormActivation;
  #gamma: tf.LayerVariable | undefined;
  #beta: tf.LayerVariable | undefined;

  constructor(args: GroupNormalizationArgs) {
    super(args);
    const { groups, epsilon = 1e-5, activation = 'linear' } = args;
    this.groups = requireInteger('groups', groups, { min: 1 });
    this.epsilon = requireNumber('epsilon', epsilon, { above: 0 });
    this.activation = requireOneOf('activation', activation, ['linear', 'silu']);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = shapeOfX(inputShape).at(-1)!;
    if (channels % this.groups !== 0) {
      const expected = `a divisor of the ${channels} channels`;
      throw new ConfigError({ field: `groups of ${this.name}`, value: this.groups, expected });
    }
    this.#gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.ones());
    this.#beta = this.addWeight('beta', [channels], 'float32', tf.initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return shapeOfX(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x, shift] = (Array.isArray(inputs) ? inputs : [inputs]) as [tf.Tensor4D, tf.Tensor2D?];
    const [gamma, beta] = [this.#gamma!.read(), this.#beta!.read()] as [tf.Tensor1D, tf.Tensor1D];
    const { groups, epsilon, activation } = this;
    return tf.tidy(() =>
      groupNorm({ x, gamma, beta, ...(shift !== undefined && { shift }) }, { groups, epsilon, activation }),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups, epsilon: this.epsilon, activation: this.activation };
  }
}

function shapeOfX(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
  return (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tf.Shape;
}

tf.serialization.registerClass(GroupNormalization);
