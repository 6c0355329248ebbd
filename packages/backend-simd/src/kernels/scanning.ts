import * as tf from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';

/** Beyond this many, sorting is better than inserting. */
const MOST_KEPT = 64;

const size = tf.util.sizeFromShape;

/** A shape as [outer, length, inner] around an axis. */
function around(shape: number[], axis: number): [number, number, number] {
  return [size(shape.slice(0, axis)), shape[axis] as number, size(shape.slice(axis + 1))];
}

function argKernel(largest: boolean): SimdKernel {
  return ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.ArgMaxAttrs>, cpu) => {
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0] as number;
    if (!isFloat(x) || size(x.shape) === 0) return cpu();
    const out = backend.output(x.shape.toSpliced(axis, 1), 'int32');
    const [from, to] = [backend.address(x), backend.address(out)];
    backend.runtime.kernels.argExtreme(Number(largest), from, to, ...around(x.shape, axis));
    return out;
  };
}

function cumulate(backend: SimdBackend, product: boolean, x: tf.TensorInfo, attrs: tf.CumsumAttrs): tf.TensorInfo {
  const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0] as number;
  const out = backend.output(x.shape);
  if (size(x.shape) === 0) return out;
  const { kernels } = backend.runtime;
  const flags = [Number(attrs.exclusive), Number(attrs.reverse)] as const;
  kernels.cumulate(Number(product), backend.address(x), backend.address(out), ...around(x.shape, axis), ...flags);
  return out;
}

/** Kernels that go along a dimension and remember what was there. */
export const scanningKernels: Record<string, SimdKernel> = {
  [tf.ArgMax]: argKernel(true),
  [tf.ArgMin]: argKernel(false),

  [tf.Cumsum]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.CumsumAttrs>, cpu) =>
    isFloat(x) && x.shape.length > 0 ? cumulate(backend, false, x, attrs) : cpu(),

  [tf.Cumprod]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.CumprodAttrs>, cpu) =>
    isFloat(x) && x.shape.length > 0 ? cumulate(backend, true, x, attrs) : cpu(),

  [tf.TopK]({ inputs: { x }, attrs: { k, sorted }, backend }: KernelArguments<'x', tf.TopKAttrs>, cpu) {
    const length = x.shape.at(-1) ?? 0;
    if (!isFloat(x) || !sorted || k < 1 || k > Math.min(MOST_KEPT, length)) return cpu();
    const shape = x.shape.with(-1, k);
    const outputs = [backend.output(shape), backend.output(shape, 'int32')] as const;
    const [values, indices] = outputs.map((out) => backend.address(out)) as [number, number];
    backend.runtime.kernels.topK(backend.address(x), values, indices, size(x.shape) / length, length, k);
    return [...outputs];
  },
};
