import { RandomKey, requireInteger, requireOneOf, tf } from '@lab/core';
import { layersOf } from './layers-of.ts';

type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

/** What tfjs takes as an initialiser: an object such as `initialiser` makes. */
type Initialiser = ReturnType<typeof tf.initializers.zeros>;

interface SpectralArgs extends LayerArgs {
  /**
   * First values of the kernel.
   *
   * @default tf.initializers.glorotUniform
   */
  readonly kernelInitializer?: Initialiser;
}

export interface SpectralDenseArgs extends SpectralArgs {
  /** Outputs, at least 1. */
  readonly units: number;
}

export interface SpectralConv2DArgs extends SpectralArgs {
  /** Channels put out, at least 1. */
  readonly filters: number;
  /** Height and width of the window, at least 1. */
  readonly kernelSize: number;
  /**
   * Rows and columns from one window to the next, at least 1.
   *
   * @default 1
   */
  readonly strides?: number;
  /** @default 'same' */
  readonly padding?: 'same' | 'valid';
}

/**
 * A linear layer whose kernel W is divided by sigma = left^T W right, an estimate of W's largest singular value, so that the
 * layer lengthens no difference between two inputs. Left and right are constants here, kept with the
 * layer's weights; `normaliseSpectra` improves them.
 *
 * Miyato et al. 2018, "Spectral Normalization for Generative Adversarial Networks", equation 8 and Algorithm 1.
 */
abstract class SpectralLayer extends tf.layers.Layer {
  readonly #kernelInitializer: Initialiser;
  #kernel!: tf.LayerVariable;
  #bias!: tf.LayerVariable;
  #left!: tf.LayerVariable;
  #right!: tf.LayerVariable;

  constructor(args: SpectralArgs) {
    super(args);
    this.#kernelInitializer = args.kernelInitializer ?? tf.initializers.glorotUniform({});
  }

  /** The kernel's shape, its outputs last. */
  protected abstract kernelShape(inputs: number): number[];
  protected abstract transform(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor;

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = this.kernelShape((inputShape as tf.Shape).at(-1)!);
    const outputs = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const weight = (name: string, size: number[], values: Initialiser, trainable = true) =>
      this.addWeight(name, size, 'float32', values, undefined, trainable);
    this.#kernel = weight('kernel', shape, this.#kernelInitializer);
    this.#bias = weight('bias', [outputs], tf.initializers.zeros());
    this.#left = weight('left', [rows, 1], tf.initializers.zeros(), false);
    this.#right = weight('right', [outputs, 1], tf.initializers.zeros(), false);
    tf.tidy(() => {
      const start = RandomKey.fromSeed(0).child(this.name).normal([outputs, 1]);
      this.#right.write(direction(start));
    });
    for (let i = 0; i < 5; i++) this.improveSpectrum();
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const kernel = this.#kernel.read();
      const sigma = tf.sum(tf.mul(this.#left.read(), tf.matMul(asMatrix(kernel), this.#right.read() as tf.Tensor2D)));
      return tf.add(this.transform(x, tf.div(kernel, sigma)), this.#bias.read());
    });
  }

  /** One step of power iteration. */
  improveSpectrum(): void {
    tf.tidy(() => {
      const kernel = asMatrix(this.#kernel.read());
      const left = direction(tf.matMul(kernel, this.#right.read() as tf.Tensor2D));
      this.#left.write(left);
      this.#right.write(direction(tf.matMul(kernel, left as tf.Tensor2D, true, false)));
    });
  }
}

/** A dense layer with spectral normalisation, `[B, inputs]` to `[B, units]`, linear. */
export class SpectralDense extends SpectralLayer {
  static readonly className = 'SpectralDense';
  readonly units: number;

  constructor(args: SpectralDenseArgs) {
    super(args);
    this.units = requireInteger('units', args.units, { min: 1 });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return [...(inputShape as tf.Shape).slice(0, -1), this.units];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }

  protected override kernelShape(inputs: number): number[] {
    return [inputs, this.units];
  }

  protected override transform(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
    return tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D);
  }
}

/** A convolution with spectral normalisation, `[B, H, W, in]` to `[B, H', W', filters]`, linear. */
export class SpectralConv2D extends SpectralLayer {
  static readonly className = 'SpectralConv2D';
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
  readonly padding: 'same' | 'valid';

  constructor(args: SpectralConv2DArgs) {
    super(args);
    this.filters = requireInteger('filters', args.filters, { min: 1 });
    this.kernelSize = requireInteger('kernelSize', args.kernelSize, { min: 1 });
    this.strides = requireInteger('strides', args.strides ?? 1, { min: 1 });
    this.padding = requireOneOf('padding', args.padding ?? 'same', ['same', 'valid']);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, height, width] = inputShape as tf.Shape;
    const covered = this.padding === 'same' ? 0 : this.kernelSize - 1;
    const windows = (size: number) => Math.ceil((size - covered) / this.strides);
    return [batch!, windows(height!), windows(width!), this.filters];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { filters, kernelSize, strides, padding } = this;
    return { ...super.getConfig(), filters, kernelSize, strides, padding };
  }

  protected override kernelShape(inputs: number): number[] {
    return [this.kernelSize, this.kernelSize, inputs, this.filters];
  }

  protected override transform(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
    return tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, this.strides, this.padding);
  }
}

/** One step of power iteration in every layer with spectral normalisation; training makes one before each of D's moves. */
export function normaliseSpectra(model: tf.LayersModel): void {
  for (const layer of layersOf(model)) if (layer instanceof SpectralLayer) layer.improveSpectrum();
}

/** `[..., outputs]` as `[rows, outputs]`. */
function asMatrix(kernel: tf.Tensor): tf.Tensor2D {
  return tf.reshape(kernel, [-1, kernel.shape.at(-1)!]);
}

function direction(vector: tf.Tensor): tf.Tensor {
  return tf.div(vector, tf.add(tf.norm(vector), 1e-12));
}

tf.serialization.registerClass(SpectralDense);
tf.serialization.registerClass(SpectralConv2D);
