import * as tf from '@tensorflow/tfjs-core';
import { Unary } from '../../assembly/ops.ts';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';

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
};

export const unaryKernels: Record<string, SimdKernel> = {
  ...Object.fromEntries(
    Object.entries(simple).map(([name, op]): [string, SimdKernel] => [
      name,
      ({ inputs: { x }, backend }: KernelArguments<'x'>, cpu) => (isFloat(x) ? map(backend, op, x) : cpu()),
    ]),
  ),

  [tf.Step]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.StepAttrs>, cpu) =>
    isFloat(x) ? map(backend, Unary.Step, x, attrs.alpha) : cpu(),

  [tf.LeakyRelu]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.LeakyReluAttrs>, cpu) =>
    isFloat(x) ? map(backend, Unary.LeakyRelu, x, attrs.alpha) : cpu(),

  [tf.ClipByValue]: ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.ClipByValueAttrs>, cpu) =>
    isFloat(x) ? map(backend, Unary.ClipByValue, x, attrs.clipValueMin, attrs.clipValueMax) : cpu(),

  [tf.Cast]({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.CastAttrs>, cpu) {
    if (attrs.dtype !== 'float32' || (x.dtype !== 'int32' && x.dtype !== 'bool')) return cpu();
    const out = backend.output(x.shape);
    const { int32ToFloat, byteToFloat } = backend.runtime.kernels;
    const convert = x.dtype === 'int32' ? int32ToFloat : byteToFloat;
    convert(backend.address(x), backend.address(out), tf.util.sizeFromShape(x.shape));
    return out;
  },
};
