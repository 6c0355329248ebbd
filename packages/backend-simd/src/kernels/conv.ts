import {
  backend_util,
  Conv2D,
  type Conv2DAttrs,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  Conv2DBackpropInput,
  type Conv2DBackpropInputAttrs,
  FusedConv2D,
  type FusedConv2DAttrs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';
import { writeWindow } from '../window.ts';
import { fusedActivations, mapActivations } from './activations.ts';

type ConvInfo = backend_util.Conv2DInfo;
type Shape4D = [number, number, number, number];

/** Winograd's method needs whole vectors of channels, and enough of them to pay for its transforms. */
const WINOGRAD_CHANNELS = 8;
const WINOGRAD_LEAST_CHANNELS = 16;
/**
 * It takes 4 x 4 pixels at a time. Sums over fewer are lost among what cancels: up to 25 units of 2^-24 of the largest sum
 * of magnitudes, against 12 where a tile is whole.
 */
const WINOGRAD_LEAST_PIXELS = 4;
/** Its transformed filter, 36 numbers for each pair of channels, is to stay in the cache. */
const WINOGRAD_MOST_PAIRS = 1 << 16;

export const convKernels: Record<string, SimdKernel> = {
  [Conv2D]({ inputs, attrs, backend }: KernelArguments<'x' | 'filter', Conv2DAttrs>, cpu) {
    return convolve(backend, inputs, attrs, undefined, 0) ?? cpu();
  },

  [FusedConv2D]({ inputs, attrs, backend }: KernelArguments<'x' | 'filter' | 'bias', FusedConv2DAttrs>, cpu) {
    const bias = inputs.bias as TensorInfo | undefined;
    const activation = fusedActivations[attrs.activation];
    const map = mapActivations[attrs.activation];
    const channels = inputs.filter.shape[3];
    const fusable =
      !bias || (isFloat(bias) && bias.shape.at(-1) === channels && util.sizeFromShape(bias.shape) === channels);
    if ((activation === undefined && map === undefined) || !fusable) return cpu();
    const out = convolve(backend, inputs, attrs, bias, activation ?? 0);
    if (!out) return cpu();
    if (map !== undefined) {
      const at = backend.address(out);
      backend.runtime.kernels.unary(map, at, at, util.sizeFromShape(out.shape), attrs.leakyreluAlpha ?? 0, 0);
    }
    return out;
  },

  [Conv2DBackpropInput]({ inputs, attrs, backend }: KernelArguments<'dy' | 'filter', Conv2DBackpropInputAttrs>, cpu) {
    const { dy, filter } = inputs;
    const { inputShape, strides, pad, dataFormat, dimRoundingMode } = attrs;
    if (!isFloat(dy) || !isFloat(filter) || dataFormat === 'NCHW') return cpu();
    const info = convInfo(inputShape, filter.shape, strides, 1, pad, dimRoundingMode);
    // A transposed convolution may be asked for another size than its input has; cpu computes with a part of that.
    if (!util.arraysEqual(dy.shape, info.outShape)) return cpu();
    const dx = backend.output([...inputShape]);
    if (util.sizeFromShape(dx.shape) === 0) return dx;
    const { kernels } = backend.runtime;
    const addresses = [writeWindow(backend, info), backend.address(dy), backend.address(filter), backend.address(dx)];
    const differentiate = isWinograd(info) ? kernels.winogradInputGrad : kernels.convolveInputGrad;
    differentiate(...(addresses as [number, number, number, number]));
    return dx;
  },

  [Conv2DBackpropFilter]({ inputs, attrs, backend }: KernelArguments<'x' | 'dy', Conv2DBackpropFilterAttrs>, cpu) {
    const { x, dy } = inputs;
    const { filterShape, strides, pad, dataFormat, dimRoundingMode } = attrs;
    if (!isFloat(x) || !isFloat(dy) || dataFormat === 'NCHW') return cpu();
    const info = convInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
    if (!util.arraysEqual(dy.shape, info.outShape)) return cpu();
    const dFilter = backend.output([...filterShape]);
    if (util.sizeFromShape(filterShape) === 0) return dFilter;
    const { kernels } = backend.runtime;
    const addresses = [writeWindow(backend, info), backend.address(x), backend.address(dy), backend.address(dFilter)];
    const differentiate = isWinograd(info) ? kernels.winogradFilterGrad : kernels.convolveFilterGrad;
    differentiate(...(addresses as [number, number, number, number]));
    return dFilter;
  },
};

/** Undefined where the types or the order of the dimensions are not ours. */
function convolve(
  backend: SimdBackend,
  { x, filter }: Readonly<Record<'x' | 'filter', TensorInfo>>,
  { strides, pad, dataFormat, dilations, dimRoundingMode }: Conv2DAttrs,
  bias: TensorInfo | undefined,
  activation: number,
): TensorInfo | undefined {
  if (!isFloat(x) || !isFloat(filter) || dataFormat === 'NCHW') return undefined;
  const info = convInfo(x.shape, filter.shape, strides, dilations, pad, dimRoundingMode);
  const y = backend.output([...info.outShape]);
  if (util.sizeFromShape(y.shape) === 0) return y;
  const { kernels } = backend.runtime;
  const method = isWinograd(info) ? kernels.winogradConvolve : kernels.convolve;
  method(
    writeWindow(backend, info),
    backend.address(x),
    backend.address(filter),
    backend.address(y),
    bias ? backend.address(bias) : 0,
    activation,
  );
  return y;
}

function convInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  strides: number | [number, number],
  dilations: number | [number, number],
  pad: Conv2DAttrs['pad'],
  dimRoundingMode: Conv2DAttrs['dimRoundingMode'],
): ConvInfo {
  const shapes = [[...inputShape], [...filterShape]] as [Shape4D, Shape4D];
  return backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, dimRoundingMode, false, 'channelsLast');
}

function isWinograd(info: ConvInfo): boolean {
  const { inChannels, outChannels } = info;
  return (
    info.filterHeight === 3 &&
    info.filterWidth === 3 &&
    info.strideHeight === 1 &&
    info.strideWidth === 1 &&
    info.dilationHeight === 1 &&
    info.dilationWidth === 1 &&
    inChannels % WINOGRAD_CHANNELS === 0 &&
    outChannels % WINOGRAD_CHANNELS === 0 &&
    Math.min(info.outHeight, info.outWidth) >= WINOGRAD_LEAST_PIXELS &&
    Math.min(inChannels, outChannels) >= WINOGRAD_LEAST_CHANNELS &&
    inChannels * outChannels <= WINOGRAD_MOST_PAIRS
  );
}
