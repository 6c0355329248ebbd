import * as tf from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';
import { copyStrided, denseStrides } from '../strided-copy.ts';
import { isNumeric, type NumericType } from '../tensor-data.ts';

const size = tf.util.sizeFromShape;

/** x from `begin`, every `steps`-th element, so many that they fill `shape`. */
function part(
  backend: SimdBackend,
  x: tf.TensorInfo,
  begin: readonly number[],
  shape: number[],
  steps: readonly number[] = shape.map(() => 1),
): tf.TensorInfo {
  const bytes = tf.util.bytesPerElement(x.dtype);
  const out = backend.output(shape, x.dtype as NumericType);
  const [from, to] = [denseStrides(x.shape), denseStrides(shape)];
  const axes = shape.map((n, i) => ({
    size: n,
    from: (from[i] as number) * (steps[i] as number),
    to: to[i] as number,
  }));
  const skip = begin.reduce((sum, at, i) => sum + at * (from[i] as number), 0) * bytes;
  copyStrided(backend, backend.address(x) + skip, backend.address(out), axes, bytes);
  return out;
}

/** Parts of x, one after the other along an axis. */
function split(backend: SimdBackend, x: tf.TensorInfo, axis: number, sizes: readonly number[]): tf.TensorInfo[] {
  let at = 0;
  return sizes.map((n) => {
    const begin = x.shape.map((_, i) => (i === axis ? at : 0));
    at += n;
    return part(backend, x, begin, x.shape.with(axis, n));
  });
}

/** Tensors [outer, n, inner] of one inner size, side by side. */
function join(backend: SimdBackend, inputs: readonly tf.TensorInfo[], axis: number, shape: number[]): tf.TensorInfo {
  const { dtype } = inputs[0] as tf.TensorInfo;
  const bytes = tf.util.bytesPerElement(dtype);
  const out = backend.output(shape, dtype as NumericType);
  const outer = size(shape.slice(0, axis));
  const pitch = size(shape.slice(axis));
  let to = backend.address(out);
  for (const x of inputs) {
    const run = outer === 0 ? 0 : size(x.shape) / outer;
    const axes = [
      { size: outer, from: run, to: pitch },
      { size: run, from: 1, to: 1 },
    ];
    copyStrided(backend, backend.address(x), to, axes, bytes);
    to += run * bytes;
  }
  return out;
}

/** Rows with something before and after each: padding along one axis, which need not be the last. */
function padOneAxis(backend: SimdBackend, x: tf.TensorInfo, axis: number, shape: number[], attrs: tf.PadV2Attrs) {
  const out = backend.output(shape, x.dtype as NumericType);
  const inner = size(x.shape.slice(axis + 1));
  const [before, after] = attrs.paddings[axis] as [number, number];
  const rows = size(x.shape.slice(0, axis));
  const sizes = [before * inner, (x.shape[axis] as number) * inner, after * inner] as const;
  backend.runtime.kernels.padRows(backend.address(x), backend.address(out), rows, ...sizes, attrs.constantValue);
  return out;
}

function pad(backend: SimdBackend, x: tf.TensorInfo, shape: number[], attrs: tf.PadV2Attrs): tf.TensorInfo {
  const padded = x.shape.map((_, i) => i).filter((i) => x.shape[i] !== shape[i]);
  if (padded.length <= 1 && shape.length > 0) return padOneAxis(backend, x, padded[0] ?? 0, shape, attrs);
  const out = backend.output(shape, x.dtype as NumericType);
  backend.runtime.kernels.fill32(backend.address(out), size(shape), attrs.constantValue);
  const [from, to] = [denseStrides(x.shape), denseStrides(shape)];
  const axes = x.shape.map((n, i) => ({ size: n, from: from[i] as number, to: to[i] as number }));
  const skip = to.reduce((sum, stride, i) => sum + stride * (attrs.paddings[i] as [number, number])[0], 0) * 4;
  copyStrided(backend, backend.address(x), backend.address(out) + skip, axes, 4);
  return out;
}

export const copyingKernels: Record<string, SimdKernel> = {
  [tf.Concat]({ inputs, attrs, backend }: KernelArguments<tf.TensorInfo[], tf.ConcatAttrs>, cpu) {
    const [first] = inputs;
    if (!first || !isNumeric(first.dtype) || !inputs.every((x) => x.dtype === first.dtype)) return cpu();
    const axis = tf.util.parseAxisParam(attrs.axis, first.shape)[0] as number;
    const shapes = inputs.map((x) => x.shape);
    tf.backend_util.assertParamsConsistent(shapes, axis);
    return join(backend, inputs, axis, tf.backend_util.computeOutShape(shapes, axis));
  },

  [tf.Pack]({ inputs, attrs: { axis }, backend }: KernelArguments<tf.TensorInfo[], tf.PackAttrs>, cpu) {
    const [first] = inputs;
    const alike = inputs.every(({ shape, dtype }) => dtype === first?.dtype && tf.util.arraysEqual(shape, first.shape));
    if (!first || !isNumeric(first.dtype) || !alike || inputs.length === 1) return cpu();
    return join(backend, inputs, axis, first.shape.toSpliced(axis, 0, inputs.length));
  },

  [tf.Slice]({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.SliceAttrs>, cpu) {
    if (!isNumeric(x.dtype)) return cpu();
    const parsed = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size);
    const [begin, shape] = parsed as [number[], number[]];
    tf.slice_util.assertParamsValid(x as tf.Tensor, begin, shape);
    return part(backend, x, begin, shape);
  },

  [tf.StridedSlice]({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.StridedSliceAttrs>, cpu) {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
    const info = tf.slice_util.sliceInfo(x.shape, begin, end, strides, ...masks);
    if (!isNumeric(x.dtype) || info.isIdentity || info.sliceDim0 || info.isSimpleSlice) return cpu();
    return { ...part(backend, x, info.begin, info.finalShapeSparse, info.strides), shape: info.finalShape };
  },

  [tf.SplitV]({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.SplitVAttrs>, cpu) {
    if (!isNumeric(x.dtype)) return cpu();
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0] as number;
    return split(backend, x, axis, tf.backend_util.prepareSplitSize(x as tf.Tensor, attrs.numOrSizeSplits, axis));
  },

  [tf.Unpack]({ inputs: { value }, attrs, backend }: KernelArguments<'value', tf.UnpackAttrs>, cpu) {
    if (!isNumeric(value.dtype)) return cpu();
    const axis = tf.util.parseAxisParam(attrs.axis, value.shape)[0] as number;
    const sizes = Array.from({ length: value.shape[axis] as number }, () => 1);
    return split(backend, value, axis, sizes).map((x) => ({ ...x, shape: x.shape.toSpliced(axis, 1) }));
  },

  [tf.PadV2]({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.PadV2Attrs>, cpu) {
    // Zero has the same bits in both types of four bytes.
    if (!isFloat(x) && !(x.dtype === 'int32' && attrs.constantValue === 0)) return cpu();
    const shape = x.shape.map((n, i) => n + (attrs.paddings[i]?.[0] ?? 0) + (attrs.paddings[i]?.[1] ?? 0));
    return pad(backend, x, shape, attrs);
  },

  [tf.Tile]({ inputs: { x }, attrs: { reps }, backend }: KernelArguments<'x', tf.TileAttrs>, cpu) {
    if (!isNumeric(x.dtype) || reps.length !== x.shape.length) return cpu();
    const shape = x.shape.map((n, i) => n * (reps[i] as number));
    const out = backend.output(shape, x.dtype);
    const [from, to] = [denseStrides(x.shape), denseStrides(shape)];
    const axes = x.shape.flatMap((n, i) => {
      const stride = to[i] as number;
      const once = { size: n, from: from[i] as number, to: stride };
      return [{ size: reps[i] as number, from: 0, to: n * stride }, once];
    });
    copyStrided(backend, backend.address(x), backend.address(out), axes, tf.util.bytesPerElement(x.dtype));
    return out;
  },

  [tf.Reverse]({ inputs: { x }, attrs: { dims }, backend }: KernelArguments<'x', tf.ReverseAttrs>, cpu) {
    if (!isNumeric(x.dtype) || x.shape.length === 0) return cpu();
    const axes = tf.util.parseAxisParam(dims, x.shape);
    const begin = x.shape.map((n, i) => (axes.includes(i) ? n - 1 : 0));
    return part(backend, x, begin, x.shape, x.shape.map((_, i) => (axes.includes(i) ? -1 : 1))); // prettier-ignore
  },
};
