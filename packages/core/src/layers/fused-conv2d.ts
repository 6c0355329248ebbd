import { tf } from '../index.ts';
import { type ConvolutionActivation, convolve } from './convolve.ts';

type Conv2DArgs = Parameters<typeof tf.layers.conv2d>[0];

/** What tfjs-layers has in its convolution, but tells nobody. */
interface Conv2DParts {
  readonly kernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | null;
  readonly strides: [number, number];
  readonly dilationRate: readonly number[];
  readonly padding: string;
  readonly dataFormat: string;
  readonly activation: { getClassName(): string };
}

/** tfjs-layers exports the class nowhere. */
const Conv2D = tf.layers.conv2d({ filters: 1, kernelSize: 1 }).constructor as new (args: Conv2DArgs) => tf.layers.Layer;

const fusedActivations = ['linear', 'relu', 'sigmoid'];

/**
 * tf.layers.conv2d, with its arguments and weights, computed by `convolve`: bias and activation stay part of the
 * convolution in training too. What `convolve` doesn't know (dilation, channels first, other activations) is computed
 * as tfjs-layers does.
 */
export class FusedConv2D extends Conv2D {
  static readonly className = 'FusedConv2D';

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
    const parts = this as unknown as Conv2DParts;
    if (!isFusible(parts)) return super.call(inputs, kwargs);
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
    return convolve(x, parts.kernel.read() as tf.Tensor4D, parts.bias?.read() as tf.Tensor1D | undefined, {
      strides: parts.strides,
      padding: parts.padding as 'same' | 'valid',
      activation: parts.activation.getClassName() as ConvolutionActivation,
    });
  }
}

function isFusible({ activation, dataFormat, dilationRate }: Conv2DParts): boolean {
  return (
    fusedActivations.includes(activation.getClassName()) &&
    dataFormat === 'channelsLast' &&
    dilationRate.every((rate) => rate === 1)
  );
}

tf.serialization.registerClass(FusedConv2D as unknown as tf.serialization.SerializableConstructor<FusedConv2D>);
