import { requireInteger, tf } from '@lab/core';

/** What tfjs takes as an initialiser: a name, or an object such as `initialiser` makes. */
type Initialiser = Exclude<NonNullable<Parameters<typeof tf.layers.dense>[0]['kernelInitializer']>, string>;

type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

export interface MaxoutArgs extends LayerArgs {
  /** Outputs of the layer, at least 1. */
  readonly units: number;
  /** Linear pieces of which each output is the largest, at least 1. */
  readonly pieces: number;
  /**
   * First values of the kernel, `[inputs, units * pieces]`.
   *
   * @default tf.initializers.glorotUniform
   */
  readonly kernelInitializer?: Initialiser;
}

/**
 * A maxout layer: from `[B, inputs]` to `[B, units]`, `h_i(x) = max_j (x W_ij + b_ij)`. The pieces of a unit are
 * neighbouring columns of the kernel. Biases start at 0.
 *
 * Goodfellow et al. 2013, "Maxout Networks", section 3.
 */
export class Maxout extends tf.layers.Layer {
  static readonly className = 'Maxout';
  readonly units: number;
  readonly pieces: number;
  readonly #kernelInitializer: Initialiser;
  #kernel: tf.LayerVariable | undefined;
  #bias: tf.LayerVariable | undefined;

  constructor(args: MaxoutArgs) {
    super(args);
    this.units = requireInteger('units', args.units, { min: 1 });
    this.pieces = requireInteger('pieces', args.pieces, { min: 1 });
    this.#kernelInitializer = readInitialiser(args.kernelInitializer);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const inputs = (inputShape as tf.Shape).at(-1)!;
    const columns = this.units * this.pieces;
    this.#kernel = this.addWeight('kernel', [inputs, columns], 'float32', this.#kernelInitializer);
    this.#bias = this.addWeight('bias', [columns], 'float32', tf.initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return [...(inputShape as tf.Shape).slice(0, -1), this.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor2D;
      const kernel = this.#kernel!.read() as tf.Tensor2D;
      const sums = tf.fused.matMul({ a: x, b: kernel, bias: this.#bias!.read() });
      return tf.max(tf.reshape(sums, [-1, this.units, this.pieces]), 2);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const kernelInitializer = {
      className: this.#kernelInitializer.getClassName(),
      config: this.#kernelInitializer.getConfig(),
    };
    return { ...super.getConfig(), units: this.units, pieces: this.pieces, kernelInitializer };
  }
}

/** A loaded model has the initialiser as `{ className, config }`; a dense layer's constructor is what reads that. */
function readInitialiser(given: unknown): Initialiser {
  const dense = tf.layers.dense({ units: 1, ...(given !== undefined && { kernelInitializer: given as Initialiser }) });
  return (dense as unknown as { kernelInitializer: Initialiser }).kernelInitializer;
}

tf.serialization.registerClass(Maxout);
