import * as tf from '@tensorflow/tfjs-core';
import { Reduction } from '../../assembly/ops.ts';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';
import { permuteDimensions } from './transpose.ts';

function reduce(
  backend: SimdBackend,
  op: Reduction,
  x: tf.TensorInfo,
  axis: number | number[],
  keepDims: boolean,
): tf.TensorInfo {
  const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
  const reduced = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const outShape = keepDims ? reduced : x.shape.filter((_, i) => !axes.includes(i));
  const out = backend.output(outShape);
  const first = axes[0] ?? 0;
  const last = axes.at(-1) ?? -1;
  const oneBlock = last - first + 1 === axes.length;
  // Axes that don't stand together are brought together at the end.
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const source = oneBlock ? x : permuteDimensions(backend, x, [...kept, ...axes]);
  const length = tf.util.sizeFromShape(axes.map((i) => x.shape[i] as number));
  const inner = oneBlock ? tf.util.sizeFromShape(x.shape.slice(last + 1)) : 1;
  const outer = tf.util.sizeFromShape(outShape) / inner;
  backend.runtime.kernels.reduce(op, backend.address(source), backend.address(out), outer, length, inner);
  if (source !== x) backend.disposeData(source.dataId);
  return out;
}

/** What nothing reduces to is for the cpu kernel to say. */
function isReducible(x: tf.TensorInfo): boolean {
  return isFloat(x) && tf.util.sizeFromShape(x.shape) > 0;
}

function softmax(backend: SimdBackend, x: tf.TensorInfo, logarithm: boolean): tf.TensorInfo {
  const out = backend.output(x.shape);
  const length = x.shape.at(-1) ?? 1;
  const rows = length === 0 ? 0 : tf.util.sizeFromShape(x.shape) / length;
  backend.runtime.kernels.softmax(backend.address(x), backend.address(out), rows, length, Number(logarithm));
  return out;
}

export const reduceKernels: Record<string, SimdKernel> = {
  [tf.Sum]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.SumAttrs & { keepDims: boolean }>, cpu) =>
    isReducible(x) ? reduce(backend, Reduction.Sum, x, attrs.axis, attrs.keepDims) : cpu(),

  [tf.Mean]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.MeanAttrs>, cpu) =>
    isReducible(x) ? reduce(backend, Reduction.Mean, x, attrs.axis, attrs.keepDims) : cpu(),

  [tf.Max]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.MaxAttrs>, cpu) =>
    isReducible(x) ? reduce(backend, Reduction.Max, x, attrs.reductionIndices, attrs.keepDims) : cpu(),

  [tf.Min]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.MinAttrs>, cpu) =>
    isReducible(x) ? reduce(backend, Reduction.Min, x, attrs.axis, attrs.keepDims) : cpu(),

  [tf.Softmax]: ({ inputs: { logits }, attrs, backend }: KernelArguments<'logits', tf.SoftmaxAttrs>, cpu) =>
    isFloat(logits) && attrs.dim === logits.shape.length - 1 ? softmax(backend, logits, false) : cpu(),

  [tf.LogSoftmax]: ({ inputs, attrs, backend }: KernelArguments<'logits', tf.LogSoftmaxAttrs>, cpu) =>
    isFloat(inputs.logits) && attrs.axis === inputs.logits.shape.length - 1
      ? softmax(backend, inputs.logits, true)
      : cpu(),
};
