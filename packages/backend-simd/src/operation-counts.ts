import {
  BatchMatMul,
  type BatchMatMulAttrs,
  _FusedMatMul,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  FusedConv2D,
  FusedDepthwiseConv2D,
  type KernelFunc,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';

type Arguments = Parameters<KernelFunc>[0];
type Count = (args: Arguments, output: TensorInfo) => number;

const size = (x: TensorInfo | undefined): number => (x ? util.sizeFromShape(x.shape) : 0);

/** Each element of C is a sum of k products. */
const product: Count = ({ inputs, attrs }, c) => {
  const { a } = inputs as { a: TensorInfo };
  return 2 * size(c) * a.shape.at((attrs as unknown as BatchMatMulAttrs).transposeA ? -2 : -1)!;
};

/** The three products of a dense layer multiply each row by each element of the kernel. */
const dense = (rows: number, kernel: TensorInfo | undefined): number => 2 * rows * size(kernel);

/** Each output of a convolution is a sum of as many products as the filter has elements for one output channel. */
const convolution = (outputs: TensorInfo | undefined, filter: TensorInfo | undefined): number =>
  filter ? (2 * size(outputs) * size(filter)) / filter.shape.at(-1)! : 0;

const depthwise = (outputs: TensorInfo | undefined, filter: TensorInfo | undefined): number =>
  filter ? 2 * size(outputs) * filter.shape[0]! * filter.shape[1]! : 0;

const counts: Readonly<Record<string, Count>> = {
  [BatchMatMul]: product,
  [_FusedMatMul]: product,
  Dense: ({ inputs }, y) => dense(y.shape[0]!, inputs['kernel']),
  DenseInputGrad: ({ inputs }, dx) => dense(dx.shape[0]!, inputs['kernel']),
  DenseWeightGrad: ({ inputs }, dKernel) => dense(inputs['dSum']!.shape[0]!, dKernel),
  [Conv2D]: ({ inputs }, y) => convolution(y, inputs['filter']),
  [FusedConv2D]: ({ inputs }, y) => convolution(y, inputs['filter']),
  [Conv2DBackpropInput]: ({ inputs }) => convolution(inputs['dy'], inputs['filter']),
  [Conv2DBackpropFilter]: ({ inputs }, dFilter) => convolution(inputs['dy'], dFilter),
  [DepthwiseConv2dNative]: ({ inputs }, y) => depthwise(y, inputs['filter']),
  [FusedDepthwiseConv2D]: ({ inputs }, y) => depthwise(y, inputs['filter']),
  [DepthwiseConv2dNativeBackpropInput]: ({ inputs }) => depthwise(inputs['dy'], inputs['filter']),
  [DepthwiseConv2dNativeBackpropFilter]: ({ inputs }, dFilter) => depthwise(inputs['dy'], dFilter),
};

/**
 * Multiplications and additions of a kernel call by its definition, undefined for kernels that have no such count here.
 * An algorithm that gets by with fewer, as Winograd's does, is credited with what it stands for.
 */
export function operationCount(kernel: string, args: Arguments, output: TensorInfo): number | undefined {
  return counts[kernel]?.(args, output);
}
