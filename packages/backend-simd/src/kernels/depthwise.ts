import * as tf from '@tensorflow/tfjs-core';
import { Reduction, Unary } from '../../assembly/ops.ts';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';
import { copyStrided } from '../strided-copy.ts';
import { writeWindow } from '../window.ts';

type Shape4D = [number, number, number, number];
type ConvInfo = tf.backend_util.Conv2DInfo;
type Geometry = Pick<tf.DepthwiseConv2dNativeAttrs, 'strides' | 'pad' | 'dimRoundingMode'> & {
  readonly dilations?: [number, number] | number | null;
};

/** Activations of the fused kernel, applied in place afterwards. */
const activations: Readonly<Record<string, Unary>> = {
  relu: Unary.Relu,
  relu6: Unary.Relu6,
  sigmoid: Unary.Sigmoid,
  elu: Unary.Elu,
  leakyrelu: Unary.LeakyRelu,
};

const size = tf.util.sizeFromShape;

/** Undefined for strides together with dilations, which the cpu kernel refuses in its own words. */
function convInfo(shape: number[], filterShape: number[], { strides, pad, dilations, dimRoundingMode }: Geometry) {
  const steps = dilations ?? [1, 1];
  if (!tf.backend_util.eitherStridesOrDilationsAreOne(strides, steps)) return undefined;
  const shapes = [shape, filterShape] as [Shape4D, Shape4D];
  return tf.backend_util.computeConv2DInfo(...shapes, strides, steps, pad, dimRoundingMode, true);
}

/** The windows of one channel for each of the output's: a filter that makes several of one sees the channel repeated. */
function wideWindow(backend: SimdBackend, info: ConvInfo): number {
  return writeWindow(backend, { ...info, inChannels: info.outChannels });
}

/** x with each channel repeated as often as the filter makes channels of it; x itself if that is once. */
function repeated(
  backend: SimdBackend,
  x: tf.TensorInfo,
  { inShape, outChannels, inChannels }: ConvInfo,
): tf.TensorInfo {
  const times = outChannels / inChannels;
  if (times === 1) return x;
  const out = backend.output(inShape.with(3, outChannels));
  const axes = [
    { size: size(inShape), from: 1, to: times },
    { size: times, from: 0, to: 1 },
  ];
  copyStrided(backend, backend.address(x), backend.address(out), axes, 4);
  return out;
}

function discard(backend: SimdBackend, temporary: tf.TensorInfo, x: tf.TensorInfo): void {
  if (temporary !== x) backend.disposeData(temporary.dataId);
}

function convolve(
  backend: SimdBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  bias: tf.TensorInfo | undefined,
  info: ConvInfo,
): tf.TensorInfo {
  const y = backend.output(info.outShape);
  if (size(info.outShape) === 0) return y;
  const wide = repeated(backend, x, info);
  const [xAt, filterAt, yAt] = [backend.address(wide), backend.address(filter), backend.address(y)];
  const biasAt = bias ? backend.address(bias) : 0;
  backend.runtime.kernels.depthwise(xAt, filterAt, biasAt, yAt, wideWindow(backend, info));
  discard(backend, wide, x);
  return y;
}

export const depthwiseKernels: Record<string, SimdKernel> = {
  [tf.DepthwiseConv2dNative](
    { inputs: { x, filter }, attrs, backend }: KernelArguments<'x' | 'filter', tf.DepthwiseConv2dNativeAttrs>,
    cpu,
  ) {
    const info = isFloat(x) && isFloat(filter) ? convInfo(x.shape, filter.shape, attrs) : undefined;
    return info ? convolve(backend, x, filter, undefined, info) : cpu();
  },

  [tf.FusedDepthwiseConv2D](
    { inputs, attrs, backend }: KernelArguments<'x' | 'filter' | 'bias', tf.FusedDepthwiseConv2DAttrs>,
    cpu,
  ) {
    const { x, filter } = inputs;
    const bias = inputs.bias as tf.TensorInfo | undefined;
    const info = isFloat(x) && isFloat(filter) ? convInfo(x.shape, filter.shape, attrs) : undefined;
    const activation = activations[attrs.activation];
    const known = attrs.activation === 'linear' || activation !== undefined;
    const oneEach =
      !bias || (isFloat(bias) && bias.shape.at(-1) === size(bias.shape) && size(bias.shape) === info?.outChannels);
    if (!info || !known || !oneEach) return cpu();
    const y = convolve(backend, x, filter, bias, info);
    const at = backend.address(y);
    if (activation !== undefined) {
      backend.runtime.kernels.unary(activation, at, at, size(y.shape), attrs.leakyreluAlpha ?? 0, 0);
    }
    return y;
  },

  [tf.DepthwiseConv2dNativeBackpropInput](
    {
      inputs: { dy, filter },
      attrs,
      backend,
    }: KernelArguments<'dy' | 'filter', tf.DepthwiseConv2dNativeBackpropInputAttrs>,
    cpu,
  ) {
    const info = isFloat(dy) && isFloat(filter) ? convInfo(attrs.inputShape, filter.shape, attrs) : undefined;
    if (!info || !tf.util.arraysEqual(dy.shape, info.outShape)) return cpu();
    const dx = backend.output([...info.inShape]);
    if (size(dx.shape) === 0) return dx;
    const times = info.outChannels / info.inChannels;
    const wide = times === 1 ? dx : backend.output(info.inShape.with(3, info.outChannels));
    const [dyAt, filterAt, wideAt] = [backend.address(dy), backend.address(filter), backend.address(wide)];
    backend.runtime.kernels.depthwiseInputGrad(dyAt, filterAt, wideAt, wideWindow(backend, info));
    if (times > 1) backend.runtime.kernels.reduce(Reduction.Sum, wideAt, backend.address(dx), size(dx.shape), times, 1);
    discard(backend, wide, dx);
    return dx;
  },

  [tf.DepthwiseConv2dNativeBackpropFilter](
    { inputs: { x, dy }, attrs, backend }: KernelArguments<'x' | 'dy', tf.DepthwiseConv2dNativeBackpropFilterAttrs>,
    cpu,
  ) {
    const info = isFloat(x) && isFloat(dy) ? convInfo(x.shape, attrs.filterShape, attrs) : undefined;
    if (!info || !tf.util.arraysEqual(dy.shape, info.outShape)) return cpu();
    const dFilter = backend.output([...info.filterShape]);
    const wide = repeated(backend, x, info);
    const [xAt, dyAt, dFilterAt] = [backend.address(wide), backend.address(dy), backend.address(dFilter)];
    backend.runtime.kernels.depthwiseFilterGrad(xAt, dyAt, dFilterAt, wideWindow(backend, info));
    discard(backend, wide, x);
    return dFilter;
  },
};
