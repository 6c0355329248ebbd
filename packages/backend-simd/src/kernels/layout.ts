import * as tf from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';

const size = tf.util.sizeFromShape;

/** Elements of four bytes, which the copying kernels move without looking at them. */
function isWord(tensor: tf.TensorInfo): boolean {
  return tensor.dtype === 'float32' || tensor.dtype === 'int32';
}

function filled(backend: SimdBackend, shape: number[], value: number): tf.TensorInfo {
  const out = backend.output(shape);
  backend.runtime.kernels.fill32(backend.address(out), size(shape), value);
  return out;
}

export const layoutKernels: Record<string, SimdKernel> = {
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
