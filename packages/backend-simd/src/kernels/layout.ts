import * as tf from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';
import type { TensorData } from '../tensor-data.ts';

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

/** Which rows indices [count, rank] point at, as a tensor [count]; undefined if there are none or one is out of range. */
function rowNumbers(
  backend: SimdBackend,
  indices: tf.TensorInfo,
  count: number,
  strides: readonly number[],
  rows: number,
): tf.TensorInfo | undefined {
  const rank = indices.shape.at(-1) ?? 1;
  backend.address(indices); // Another backend may have had the data.
  const values = (indices.dataId as TensorData).inPlace();
  const numbers = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    let row = 0;
    for (let j = 0; j < rank; j++) row += (values[i * rank + j] as number) * (strides[j] as number);
    if (!(row >= 0 && row < rows)) return undefined;
    numbers[i] = row;
  }
  if (count === 0) return undefined;
  return { dataId: backend.write(numbers, [count], 'int32'), shape: [count], dtype: 'int32' };
}

export const layoutKernels: Record<string, SimdKernel> = {
  [tf.GatherV2]({ inputs: { x, indices }, attrs, backend }: KernelArguments<'x' | 'indices', tf.GatherV2Attrs>, cpu) {
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0] as number;
    if (!isWord(x) || indices.dtype !== 'int32' || size(indices.shape) === 0) return cpu();
    const { collectGatherOpShapeInfo } = tf.backend_util.segment_util;
    const info = collectGatherOpShapeInfo(x as tf.Tensor, indices as tf.Tensor, axis, attrs.batchDims);
    const out = backend.output(info.outputShape, x.dtype as 'float32' | 'int32');
    const limit = info.dimSize;
    const count = size(indices.shape) / info.batchSize;
    const rowBytes = info.sliceSize * 4;
    for (let batch = 0; batch < info.batchSize; batch++) {
      const from = backend.address(x) + batch * info.outerSize * limit * rowBytes;
      const which = backend.address(indices) + batch * count * 4;
      const to = backend.address(out) + batch * info.outerSize * count * rowBytes;
      const wrong = backend.runtime.kernels.gather(from, which, to, info.outerSize, count, limit, rowBytes);
      if (wrong >= 0) {
        const position = batch * count + wrong;
        const index = (backend.readSync(indices.dataId) as Int32Array)[position];
        backend.disposeData(out.dataId);
        throw new RangeError(`GatherV2: the index value ${index} is not in [0, ${limit - 1}], at position ${position}`);
      }
    }
    return out;
  },

  [tf.GatherNd]({ inputs: { params, indices }, backend }: KernelArguments<'params' | 'indices'>, cpu) {
    if (!isWord(params) || indices.dtype !== 'int32') return cpu();
    const [shape, count, length, strides] = tf.backend_util.prepareAndValidate(
      params as tf.Tensor,
      indices as tf.Tensor,
    );
    const rows = count === 0 ? 0 : size(params.shape) / length;
    const which = rowNumbers(backend, indices, count, strides, rows);
    if (!which) return cpu();
    const out = backend.output(shape, params.dtype as 'float32' | 'int32');
    const [from, at, to] = [params, which, out].map((x) => backend.address(x)) as [number, number, number];
    backend.runtime.kernels.gather(from, at, to, 1, count, rows, length * 4);
    backend.disposeData(which.dataId);
    return out;
  },

  [tf.ScatterNd](
    { inputs: { indices, updates }, attrs, backend }: KernelArguments<'indices' | 'updates', tf.ScatterNdAttrs>,
    cpu,
  ) {
    if (!isFloat(updates) || indices.dtype !== 'int32') return cpu();
    const { numUpdates, sliceSize, strides, outputSize } = tf.backend_util.calculateShapes(
      updates,
      indices,
      attrs.shape,
    );
    const rows = outputSize / sliceSize;
    const which = outputSize === 0 ? undefined : rowNumbers(backend, indices, numUpdates, strides, rows);
    if (!which) return cpu();
    const out = backend.output(attrs.shape);
    const [from, at, to] = [updates, which, out].map((x) => backend.address(x)) as [number, number, number];
    backend.runtime.kernels.segmentSum(from, at, to, numUpdates, rows, sliceSize);
    backend.disposeData(which.dataId);
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
