import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Tolerance } from '../support/compare.ts';
import type { KernelCall, Values } from '../support/evaluate.ts';
import { bools, contents, floats, integers, ofType, seeds, shapes, types } from '../support/samples.ts';
import { type KernelSpec, likeCpu } from './kernel-spec.ts';

function tensors(dtypes: fc.Arbitrary<Values['dtype']> = types): fc.Arbitrary<Values> {
  return fc
    .record({ dtype: dtypes, shape: shapes(), seed: seeds, content: contents })
    .map(({ dtype, shape, seed, content }) => ofType(dtype, shape, seed, content));
}

const LARGE = [[3 * 16384 + 5], [129, 401]];

function unary(tolerance: Tolerance, attrs: fc.Arbitrary<object> = fc.constant({})): KernelSpec {
  const [someAttrs] = fc.sample(attrs, { numRuns: 1, seed: 1 });
  return {
    calls: fc.record({ x: tensors(), attrs }).map(({ x, attrs }) => ({ inputs: { x }, attrs })),
    large: LARGE.map((shape, i) => ({ inputs: { x: floats(shape, i, 'any') }, attrs: someAttrs ?? {} })),
    check: likeCpu(tolerance),
  };
}

const number = fc.integer({ min: -500, max: 500 }).map((n) => n / 100);
const bounds = fc
  .tuple(number, number)
  .map(([a, b]) => ({ clipValueMin: Math.min(a, b), clipValueMax: Math.max(a, b) }));

function castCalls(): fc.Arbitrary<KernelCall> {
  const x = tensors(fc.constantFrom<Values['dtype']>('float32', 'int32', 'bool'));
  return fc
    .record({ x, dtype: fc.constantFrom('float32', 'int32', 'bool') })
    .map(({ x, dtype }) => ({ inputs: { x }, attrs: { dtype } }));
}

export const unarySpecs: Record<string, KernelSpec> = {
  [tf.Abs]: unary({}),
  [tf.Neg]: unary({}),
  [tf.Relu]: unary({}),
  [tf.Relu6]: unary({}),
  [tf.Sign]: unary({}),
  [tf.Square]: unary({}),
  [tf.Sqrt]: unary({}),
  [tf.Rsqrt]: unary({ ulps: 1 }),
  [tf.Reciprocal]: unary({}),
  [tf.Floor]: unary({}),
  [tf.Ceil]: unary({}),
  [tf.Round]: unary({}),
  [tf.Step]: unary({}, fc.record({ alpha: number })),
  [tf.ClipByValue]: unary({}, bounds),
  // The slope is rounded to float32 first.
  [tf.LeakyRelu]: unary({ ulps: 1 }, fc.record({ alpha: number })),
  // Against float64 these are tested more sharply in accuracy.test.ts.
  [tf.Exp]: unary({ ulps: 2 }),
  [tf.Log]: unary({ ulps: 3 }),
  [tf.Sigmoid]: unary({ ulps: 3 }),
  [tf.Tanh]: unary({ ulps: 3 }),
  // cpu takes exp(x) for log(1 + exp(x)) below -13.9, which is 3 ulp off.
  [tf.Softplus]: unary({ ulps: 8 }),
  // cpu computes exp(x) - 1, which has lost all digits where x is small.
  [tf.Elu]: unary({ ulps: 3, absolute: 2 ** -52 }),
  // The same, and the scales are rounded to float32.
  [tf.Selu]: unary({ ulps: 4, absolute: 2 ** -52 }),
  [tf.Expm1]: unary({ ulps: 3 }),
  [tf.Log1p]: unary({ ulps: 4 }),
  // The formula itself is right to 1.5e-7; cpu computes it in float64.
  [tf.Erf]: unary({ absolute: 8e-7 }),
  [tf.Cast]: {
    calls: castCalls(),
    large: [
      { inputs: { x: integers([40_001], 1, -(2 ** 31), 2 ** 31) }, attrs: { dtype: 'float32' } },
      { inputs: { x: bools([40_003], 1) }, attrs: { dtype: 'float32' } },
      { inputs: { x: floats([40_003], 1, 'any') }, attrs: { dtype: 'int32' } },
      { inputs: { x: floats([40_003], 1, 'any') }, attrs: { dtype: 'bool' } },
    ],
    check: likeCpu(),
  },
  [tf.IsNan]: unary({}),
  [tf.IsFinite]: unary({}),
  [tf.IsInf]: unary({}),
  [tf.LogicalNot]: {
    calls: tensors(fc.constantFrom<Values['dtype']>('float32', 'bool')).map((x) => ({ inputs: { x }, attrs: {} })),
    large: [{ inputs: { x: bools([40_003], 1) }, attrs: {} }],
    check: likeCpu(),
  },
  [tf.ZerosLike]: unary({}),
  [tf.OnesLike]: unary({}),
};
