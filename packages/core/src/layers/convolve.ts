import { tf } from '../index.ts';

/** The activations whose derivative can be read off their value. */
export type ConvolutionActivation = 'linear' | 'relu' | 'sigmoid';

/** Options of `convolve`. */
export interface ConvolveOptions {
  /**
   * Rows and columns from one window to the next.
   *
   * @default [1, 1]
   */
  readonly strides?: readonly [number, number];
  /** @default 'same' */
  readonly padding?: 'same' | 'valid';
  /** @default 'linear' */
  readonly activation?: ConvolutionActivation;
}

/**
 * `activation(x * kernel + bias)`, one kernel call forward, under a gradient too, where tf.fused.conv2d takes itself
 * apart unless its activation is linear. Backward the derivatives of activation and bias are one call where the backend
 * has `DenseActivationGrad`, and the derivative with respect to `x` is worked out only if somebody asks for it: the
 * first layer's images need none.
 *
 * @param x `[B, H, W, in]`.
 * @param kernel `[h, w, in, out]`.
 * @param bias `[out]`, or none.
 * @returns `[B, H', W', out]`.
 */
export function convolve(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  { strides = [1, 1], padding = 'same', activation = 'linear' }: ConvolveOptions = {},
): tf.Tensor4D {
  const inputs = { x, filter: kernel, ...(bias !== undefined && { bias }) };
  const attrs = {
    strides: [...strides],
    pad: padding,
    dataFormat: 'NHWC',
    dilations: [1, 1],
    activation,
    leakyreluAlpha: 0,
  };
  return tf.engine().runKernel(tf.FusedConv2D, inputs, attrs) as tf.Tensor4D;
}

/** tfjs has none: it never lets this kernel meet a tape. */
tf.registerGradient({
  kernelName: tf.FusedConv2D,
  inputsToSave: ['x', 'filter'],
  outputsToSave: [true],
  gradFunc(dy, [x, filter, y], attrs) {
    const { strides, pad, dataFormat, activation } = attrs as unknown as tf.FusedConv2DAttrs;
    const [dSum, dBias] = activationGradients(activation as ConvolutionActivation, y!, dy as tf.Tensor);
    const window = { strides, pad, dataFormat };
    return {
      x: () => run(tf.Conv2DBackpropInput, { dy: dSum, filter: filter! }, { ...window, inputShape: x!.shape }),
      filter: () => run(tf.Conv2DBackpropFilter, { x: x!, dy: dSum }, { ...window, filterShape: filter!.shape }),
      bias: dBias,
    };
  },
});

/** The derivative before the activation, and with respect to the bias, for the value `y` and the derivative `dy` of it. */
function activationGradients(
  activation: ConvolutionActivation,
  y: tf.Tensor,
  dy: tf.Tensor,
): readonly [tf.Tensor, () => tf.Tensor] {
  if (activation !== 'linear' && tf.getKernel('DenseActivationGrad', tf.getBackend()) !== undefined) {
    const rows = [-1, y.shape.at(-1)!];
    const inputs = { y: tf.reshape(y, rows), dy: tf.reshape(dy, rows) };
    const [dSum, dBias] = tf.engine().runKernel('DenseActivationGrad', inputs, { activation }) as [
      tf.Tensor,
      tf.Tensor,
    ];
    return [tf.reshape(dSum, y.shape), () => tf.clone(dBias)];
  }
  const dSum = throughActivation(activation, y, dy);
  return [dSum, () => tf.sum(dSum, [0, 1, 2])];
}

/** relu' = [y > 0], sigmoid' = y (1 - y). */
function throughActivation(activation: ConvolutionActivation, y: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  if (activation === 'linear') return dy;
  if (activation === 'relu') return tf.mul(dy, tf.step(y));
  return tf.mul(dy, tf.mul(y, tf.sub(1, y)));
}

function run(kernelName: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor {
  return tf.engine().runKernel(kernelName, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;
}
