import * as tf from '@tensorflow/tfjs-core';
import { Binary, Compare } from '../../assembly/ops.ts';
import type { SimdBackend } from '../backend.ts';
import { type Dimension, mergeDimensions } from '../broadcast.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';

const MAXIMUM_OUTER = 6;

const arithmetic: Readonly<Record<string, Binary>> = {
  [tf.Add]: Binary.Add,
  [tf.Sub]: Binary.Sub,
  [tf.Multiply]: Binary.Multiply,
  [tf.RealDiv]: Binary.RealDiv,
  [tf.Maximum]: Binary.Maximum,
  [tf.Minimum]: Binary.Minimum,
  [tf.SquaredDifference]: Binary.SquaredDifference,
};

const comparisons: Readonly<Record<string, Compare>> = {
  [tf.Equal]: Compare.Equal,
  [tf.NotEqual]: Compare.NotEqual,
  [tf.Greater]: Compare.Greater,
  [tf.GreaterEqual]: Compare.GreaterEqual,
  [tf.Less]: Compare.Less,
  [tf.LessEqual]: Compare.LessEqual,
};

/** op(a, b) of two float32 tensors; undefined where the broadcast has too many dimensions that don't merge. */
export function zip(backend: SimdBackend, op: Binary, a: tf.TensorInfo, b: tf.TensorInfo): tf.TensorInfo | undefined {
  const { kernels } = backend.runtime;
  if (tf.util.arraysEqual(a.shape, b.shape)) {
    const out = backend.output(a.shape);
    const count = tf.util.sizeFromShape(a.shape);
    kernels.binaryFlat(op, backend.address(a), backend.address(b), backend.address(out), count, 1, 1);
    return out;
  }
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const outer = mergeDimensions(a.shape, b.shape);
  const inner = outer.pop() as Dimension;
  if (outer.length > MAXIMUM_OUTER) return undefined;
  const out = backend.output(shape);
  const [aAt, bAt, outAt] = [backend.address(a), backend.address(b), backend.address(out)];
  const { size, strideA, strideB } = inner;
  if (tf.util.sizeFromShape(shape) === 0) return out;
  if (outer.length === 0) kernels.binaryFlat(op, aAt, bAt, outAt, size, strideA, strideB);
  else {
    const rows = writeOuter(backend, outer);
    kernels.binaryRows(op, aAt, bAt, outAt, rows, size, strideA, strideB, outer.length, backend.runtime.table);
  }
  return out;
}

/** Writes the table that binaryRows reads, the innermost dimension first, and returns the number of rows. */
function writeOuter(backend: SimdBackend, outer: readonly Dimension[]): number {
  const { memory, table } = backend.runtime;
  const words = new Int32Array(memory.buffer, table, outer.length * 3);
  let rows = 1;
  outer.forEach(({ size, strideA, strideB }, i) => {
    words.set([size, strideA, strideB], (outer.length - 1 - i) * 3);
    rows *= size;
  });
  return rows;
}

function compare(backend: SimdBackend, op: Compare, a: tf.TensorInfo, b: tf.TensorInfo): tf.TensorInfo | undefined {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const [inner, ...rest] = mergeDimensions(a.shape, b.shape);
  if (!inner || rest.length > 0) return undefined;
  const out = backend.output(shape, 'bool');
  const count = tf.util.sizeFromShape(shape);
  const [aAt, bAt, outAt] = [backend.address(a), backend.address(b), backend.address(out)];
  backend.runtime.kernels.compareFlat(op, aAt, bAt, outAt, count, inner.strideA, inner.strideB);
  return out;
}

function each<Op>(
  table: Readonly<Record<string, Op>>,
  run: (backend: SimdBackend, op: Op, a: tf.TensorInfo, b: tf.TensorInfo) => tf.TensorInfo | undefined,
): Record<string, SimdKernel> {
  const entries = Object.entries(table).map(([name, op]): [string, SimdKernel] => [
    name,
    ({ inputs: { a, b }, backend }: KernelArguments<'a' | 'b'>, cpu) =>
      (isFloat(a) && isFloat(b) ? run(backend, op, a, b) : undefined) ?? cpu(),
  ]);
  return Object.fromEntries(entries);
}

export const binaryKernels: Record<string, SimdKernel> = {
  ...each(arithmetic, zip),
  ...each(comparisons, compare),

  [tf.Prelu]: ({ inputs: { x, alpha }, backend }: KernelArguments<'x' | 'alpha'>, cpu) =>
    (isFloat(x) && isFloat(alpha) ? zip(backend, Binary.Prelu, x, alpha) : undefined) ?? cpu(),

  [tf.EluGrad]: ({ inputs: { dy, y }, backend }: KernelArguments<'dy' | 'y'>, cpu) =>
    (isFloat(dy) && isFloat(y) ? zip(backend, Binary.EluGrad, dy, y) : undefined) ?? cpu(),

  [tf.AddN]({ inputs, backend }: KernelArguments<tf.TensorInfo[]>, cpu) {
    const [first, ...rest] = inputs;
    if (!first || rest.length === 0 || !inputs.every(isFloat)) return cpu();
    return rest.reduce((sum, x) => {
      const next = zip(backend, Binary.Add, sum, x) as tf.TensorInfo;
      if (sum !== first) backend.disposeData(sum.dataId);
      return next;
    }, first);
  },

  [tf.Select]({ inputs: { condition, t, e }, backend }: KernelArguments<'condition' | 't' | 'e'>, cpu) {
    const sameShape = tf.util.arraysEqual(condition.shape, t.shape) && tf.util.arraysEqual(t.shape, e.shape);
    if (!isFloat(t) || !isFloat(e) || condition.dtype !== 'bool' || !sameShape) return cpu();
    const out = backend.output(t.shape);
    const [c, a, b, y] = [condition, t, e, out].map((x) => backend.address(x)) as [number, number, number, number];
    backend.runtime.kernels.select(c, a, b, y, tf.util.sizeFromShape(t.shape));
    return out;
  },
};
