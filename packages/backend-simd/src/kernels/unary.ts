import * as tf from '@tensorflow/tfjs-core';
import { Binary, Unary } from '../../assembly/ops.ts';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';
import { zip, zipWith } from './binary.ts';

function map(backend: SimdBackend, op: Unary, x: tf.TensorInfo, alpha = 0, beta = 0): tf.TensorInfo {
  const out = backend.output(x.shape);
  const count = tf.util.sizeFromShape(x.shape);
  backend.runtime.kernels.unary(op, backend.address(x), backend.address(out), count, alpha, beta);
  return out;
}

const simple: Readonly<Record<string, Unary>> = {
  [tf.Abs]: Unary.Abs,
  [tf.Neg]: Unary.Neg,
  [tf.Relu]: Unary.Relu,
  [tf.Relu6]: Unary.Relu6,
  [tf.Sign]: Unary.Sign,
  [tf.Square]: Unary.Square,
  [tf.Sqrt]: Unary.Sqrt,
  [tf.Rsqrt]: Unary.Rsqrt,
  [tf.Reciprocal]: Unary.Reciprocal,
  [tf.Floor]: Unary.Floor,
  [tf.Ceil]: Unary.Ceil,
  [tf.Round]: Unary.Round,
  [tf.Exp]: Unary.Exp,
  [tf.Log]: Unary.Log,
  [tf.Sigmoid]: Unary.Sigmoid,
  [tf.Tanh]: Unary.Tanh,
  [tf.Softplus]: Unary.Softplus,
  [tf.Elu]: Unary.Elu,
  [tf.Expm1]: Unary.Expm1,
  [tf.Log1p]: Unary.Log1p,
  [tf.Erf]: Unary.Erf,
};

/** Questions about a number, asked as comparisons; with a constant that they don't all look at. */
const questions: Readonly<Record<string, Binary>> = { [tf.IsFinite]: Binary.IsFinite, [tf.IsInf]: Binary.IsInf };

/** x in another type; undefined where tfjs's kernel is as good. */
function cast(backend: SimdBackend, x: tf.TensorInfo, dtype: tf.DataType): tf.TensorInfo | undefined {
  if (dtype === 'bool' && isFloat(x)) return zipWith(backend, Binary.NotEqual, x, 0);
  if (dtype === 'bool' && x.dtype === 'int32') return zipWith(backend, Binary.NotEqualInt, x, 0);
  const { floatToInt32, int32ToFloat, byteToFloat } = backend.runtime.kernels;
  if (dtype === 'int32' && isFloat(x)) return convert(backend, floatToInt32, x, 'int32');
  if (dtype === 'float32' && x.dtype === 'int32') return convert(backend, int32ToFloat, x, 'float32');
  if (dtype === 'float32' && x.dtype === 'bool') return convert(backend, byteToFloat, x, 'float32');
  return undefined;
}

function convert(
  backend: SimdBackend,
  kernel: (x: number, y: number, count: number) => void,
  x: tf.TensorInfo,
  dtype: 'float32' | 'int32',
): tf.TensorInfo {
  const out = backend.output(x.shape, dtype);
  kernel(backend.address(x), backend.address(out), tf.util.sizeFromShape(x.shape));
  return out;
}

export const unaryKernels: Record<string, SimdKernel> = {
  ...Object.fromEntries(
    Object.entries(simple).map(([name, op]): [string, SimdKernel] => [
      name,
      ({ inputs: { x }, backend }: KernelArguments<'x'>, cpu) => (isFloat(x) ? map(backend, op, x) : cpu()),
    ]),
  ),

  [tf.Step]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.StepAttrs>, cpu) =>
    isFloat(x) ? map(backend, Unary.Step, x, attrs.alpha) : cpu(),

  [tf.Selu]: ({ inputs: { x }, backend }: KernelArguments<'x'>, cpu) =>
    isFloat(x) ? map(backend, Unary.Selu, x, tf.backend_util.SELU_SCALEALPHA, tf.backend_util.SELU_SCALE) : cpu(),

  [tf.LeakyRelu]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.LeakyReluAttrs>, cpu) =>
    isFloat(x) ? map(backend, Unary.LeakyRelu, x, attrs.alpha) : cpu(),

  [tf.ClipByValue]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.ClipByValueAttrs>, cpu) =>
    isFloat(x) ? map(backend, Unary.ClipByValue, x, attrs.clipValueMin, attrs.clipValueMax) : cpu(),

  ...Object.fromEntries(
    Object.entries(questions).map(([name, op]): [string, SimdKernel] => [
      name,
      ({ inputs: { x }, backend }: KernelArguments<'x'>, cpu) => (isFloat(x) ? zipWith(backend, op, x, 0) : cpu()),
    ]),
  ),

  // Only NaN differs from itself.
  [tf.IsNan]: ({ inputs: { x }, backend }: KernelArguments<'x'>, cpu) =>
    (isFloat(x) ? zip(backend, Binary.NotEqual, x, x) : undefined) ?? cpu(),

  [tf.LogicalNot]: ({ inputs: { x }, backend }: KernelArguments<'x'>, cpu) =>
    x.dtype === 'bool' ? zipWith(backend, Binary.Xor, x, 1) : cpu(),

  [tf.Cast]: ({ inputs: { x }, attrs: { dtype }, backend }: KernelArguments<'x', tf.CastAttrs>, cpu) =>
    cast(backend, x, dtype) ?? cpu(),
};
