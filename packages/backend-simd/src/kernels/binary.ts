import * as tf from '@tensorflow/tfjs-core';
import { Binary } from '../../assembly/ops.ts';
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

const comparisons: Readonly<Record<string, Binary>> = {
  [tf.Equal]: Binary.Equal,
  [tf.NotEqual]: Binary.NotEqual,
  [tf.Greater]: Binary.Greater,
  [tf.GreaterEqual]: Binary.GreaterEqual,
  [tf.Less]: Binary.Less,
  [tf.LessEqual]: Binary.LessEqual,
};

const logic: Readonly<Record<string, Binary>> = { [tf.LogicalAnd]: Binary.And, [tf.LogicalOr]: Binary.Or };

/** op(a, b) of two tensors; undefined where the broadcast has too many dimensions that don't merge. */
export function zip(backend: SimdBackend, op: Binary, a: tf.TensorInfo, b: tf.TensorInfo): tf.TensorInfo | undefined {
  const dtype = op >= Binary.Equal ? 'bool' : 'float32';
  const { kernels } = backend.runtime;
  if (tf.util.arraysEqual(a.shape, b.shape)) {
    const out = backend.output(a.shape, dtype);
    const count = tf.util.sizeFromShape(a.shape);
    kernels.binaryFlat(op, backend.address(a), backend.address(b), backend.address(out), count, 1, 1);
    return out;
  }
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const outer = mergeDimensions(a.shape, b.shape);
  const inner = outer.pop() as Dimension;
  if (outer.length > MAXIMUM_OUTER) return undefined;
  const out = backend.output(shape, dtype);
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

/** The operation for operands of these types, if we have it. */
type Choose = (op: Binary, a: tf.DataType, b: tf.DataType) => Binary | undefined;

const ofFloats: Choose = (op, a, b) => (a === 'float32' && b === 'float32' ? op : undefined);
const ofNumbers: Choose = (op, a, b) =>
  a === 'int32' && b === 'int32' ? op + Binary.EqualInt - Binary.Equal : ofFloats(op, a, b);
const ofBools: Choose = (op, a, b) => (a === 'bool' && b === 'bool' ? op : undefined);

function each(table: Readonly<Record<string, Binary>>, choose: Choose): Record<string, SimdKernel> {
  const entries = Object.entries(table).map(([name, op]): [string, SimdKernel] => [
    name,
    ({ inputs: { a, b }, backend }: KernelArguments<'a' | 'b'>, cpu) => {
      const chosen = choose(op, a.dtype, b.dtype);
      return (chosen === undefined ? undefined : zip(backend, chosen, a, b)) ?? cpu();
    },
  ]);
  return Object.fromEntries(entries);
}

/** op(x, constant) of one tensor and a number of its type, given by its bits. */
export function zipWith(backend: SimdBackend, op: Binary, x: tf.TensorInfo, bits: number): tf.TensorInfo {
  const { kernels, memory, table } = backend.runtime;
  const out = backend.output(x.shape, op >= Binary.Equal ? 'bool' : 'float32');
  new Int32Array(memory.buffer, table, 1).set([bits]);
  kernels.binaryFlat(op, backend.address(x), table, backend.address(out), tf.util.sizeFromShape(x.shape), 1, 0);
  return out;
}

export const binaryKernels: Record<string, SimdKernel> = {
  ...each(arithmetic, ofFloats),
  ...each(comparisons, ofNumbers),
  ...each(logic, ofBools),

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
    const sameType = t.dtype === e.dtype && (isFloat(t) || t.dtype === 'int32');
    if (!sameType || condition.dtype !== 'bool' || !sameShape) return cpu();
    const out = backend.output(t.shape, t.dtype as 'float32' | 'int32');
    const [c, a, b, y] = [condition, t, e, out].map((x) => backend.address(x)) as [number, number, number, number];
    backend.runtime.kernels.select(c, a, b, y, tf.util.sizeFromShape(t.shape));
    return out;
  },
};
