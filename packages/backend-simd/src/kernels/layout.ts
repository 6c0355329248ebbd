import * as tf from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';

const size = tf.util.sizeFromShape;

/** Elements of four bytes, which the copying kernels move without looking at them. */
function isWord(tensor: tf.TensorInfo): boolean {
  return tensor.dtype === 'float32' || tensor.dtype === 'int32';
}

/** The product of the dimensions before `axis`, and that of `axis` and all after it times four bytes. */
function rowsAndBytes(shape: readonly number[], axis: number): [number, number] {
  return [size(shape.slice(0, axis) as number[]), size(shape.slice(axis) as number[]) * 4];
}

/** The only axis along which two shapes of one rank differ; -1 if they are equal, undefined if several do. */
function differingAxis(a: readonly number[], b: readonly number[]): number | undefined {
  const axes = a.map((_, i) => i).filter((i) => a[i] !== b[i]);
  return axes.length > 1 ? undefined : (axes[0] ?? -1);
}

function filled(backend: SimdBackend, shape: number[], value: number): tf.TensorInfo {
  const out = backend.output(shape);
  backend.runtime.kernels.fill32(backend.address(out), size(shape), value);
  return out;
}

function concat(backend: SimdBackend, inputs: tf.TensorInfo[], axis: number): tf.TensorInfo {
  const shapes = inputs.map((x) => x.shape);
  tf.backend_util.assertParamsConsistent(shapes, axis);
  const first = inputs[0] as tf.TensorInfo;
  const out = backend.output(tf.backend_util.computeOutShape(shapes, axis), first.dtype as 'float32' | 'int32');
  const [rows, outBytes] = rowsAndBytes(out.shape, axis);
  let to = backend.address(out);
  for (const x of inputs) {
    const [, bytes] = rowsAndBytes(x.shape, axis);
    backend.runtime.kernels.copyRows(backend.address(x), bytes, to, outBytes, bytes, rows);
    to += bytes;
  }
  return out;
}

export const layoutKernels: Record<string, SimdKernel> = {
  [tf.Concat]({ inputs, attrs, backend }: KernelArguments<tf.TensorInfo[], tf.ConcatAttrs>, cpu) {
    const [first] = inputs;
    if (!first || !isWord(first) || !inputs.every((x) => x.dtype === first.dtype)) return cpu();
    return concat(backend, inputs, tf.util.parseAxisParam(attrs.axis, first.shape)[0] as number);
  },

  [tf.Slice]({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.SliceAttrs>, cpu) {
    const [begin, shape] = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size) as [
      number[],
      number[],
    ];
    tf.slice_util.assertParamsValid(x as tf.Tensor, begin, shape);
    const axis = differingAxis(x.shape, shape);
    if (!isWord(x) || axis === undefined) return cpu();
    const out = backend.output(shape, x.dtype as 'float32' | 'int32');
    const at = Math.max(axis, 0);
    const [rows, bytes] = rowsAndBytes(shape, at);
    const [, pitch] = rowsAndBytes(x.shape, at);
    const skip = (begin[at] ?? 0) * size(shape.slice(at + 1)) * 4;
    backend.runtime.kernels.copyRows(backend.address(x) + skip, pitch, backend.address(out), bytes, bytes, rows);
    return out;
  },

  [tf.PadV2]({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.PadV2Attrs>, cpu) {
    const shape = x.shape.map((n, i) => n + (attrs.paddings[i]?.[0] ?? 0) + (attrs.paddings[i]?.[1] ?? 0));
    const axis = differingAxis(x.shape, shape);
    if (!isFloat(x) || axis === undefined) return cpu();
    const out = filled(backend, shape, attrs.constantValue);
    const at = Math.max(axis, 0);
    const [rows, bytes] = rowsAndBytes(x.shape, at);
    const [, pitch] = rowsAndBytes(shape, at);
    const skip = (attrs.paddings[at]?.[0] ?? 0) * size(shape.slice(at + 1)) * 4;
    backend.runtime.kernels.copyRows(backend.address(x), bytes, backend.address(out) + skip, pitch, bytes, rows);
    return out;
  },

  [tf.GatherV2]({ inputs: { x, indices }, attrs, backend }: KernelArguments<'x' | 'indices', tf.GatherV2Attrs>, cpu) {
    if (!isWord(x) || indices.dtype !== 'int32' || attrs.batchDims !== 0) return cpu();
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0] as number;
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    const out = backend.output(shape, x.dtype as 'float32' | 'int32');
    const limit = x.shape[axis] as number;
    const [from, which, to] = [backend.address(x), backend.address(indices), backend.address(out)];
    const outer = size(x.shape.slice(0, axis));
    const rowBytes = size(x.shape.slice(axis + 1)) * 4;
    const wrong = backend.runtime.kernels.gather(from, which, to, outer, size(indices.shape), limit, rowBytes);
    if (wrong >= 0) {
      const index = (backend.readSync(indices.dataId) as Int32Array)[wrong];
      backend.disposeData(out.dataId);
      throw new RangeError(`GatherV2: the index value ${index} is not in [0, ${limit - 1}], at position ${wrong}`);
    }
    return out;
  },

  [tf.UnsortedSegmentSum](
    {
      inputs: { x, segmentIds },
      attrs: { numSegments },
      backend,
    }: KernelArguments<'x' | 'segmentIds', tf.UnsortedSegmentSumAttrs>,
    cpu,
  ) {
    const count = x.shape[0] ?? 0;
    const oneEach = segmentIds.shape.length === 1 && segmentIds.shape[0] === count;
    if (!isFloat(x) || segmentIds.dtype !== 'int32' || !oneEach) return cpu();
    const out = backend.output([numSegments, ...x.shape.slice(1)]);
    const [from, which, to] = [backend.address(x), backend.address(segmentIds), backend.address(out)];
    backend.runtime.kernels.segmentSum(from, which, to, count, numSegments, size(x.shape.slice(1)));
    return out;
  },

  [tf.OneHot]({ inputs: { indices }, attrs, backend }: KernelArguments<'indices', tf.OneHotAttrs>, cpu) {
    if (indices.dtype !== 'int32' || attrs.dtype !== 'float32') return cpu();
    const out = backend.output([...indices.shape, attrs.depth]);
    const [from, to] = [backend.address(indices), backend.address(out)];
    backend.runtime.kernels.oneHot(from, to, size(indices.shape), attrs.depth, attrs.onValue, attrs.offValue);
    return out;
  },

  [tf.Fill]({ attrs, backend }: KernelArguments<never, tf.FillAttrs>, cpu) {
    const float = typeof attrs.value === 'number' && (attrs.dtype ?? 'float32') === 'float32';
    return float ? filled(backend, attrs.shape, attrs.value as number) : cpu();
  },

  [tf.ZerosLike]: ({ inputs: { x }, backend }: KernelArguments<'x'>, cpu) =>
    isFloat(x) ? filled(backend, x.shape, 0) : cpu(),

  [tf.OnesLike]: ({ inputs: { x }, backend }: KernelArguments<'x'>, cpu) =>
    isFloat(x) ? filled(backend, x.shape, 1) : cpu(),
};
