import { tf } from '@lab/core';
import type { Source } from '../source.ts';
import type { Operation } from '../trial.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const exactUnary: Readonly<Record<string, Unary>> = {
  abs: tf.abs,
  neg: tf.neg,
  relu: tf.relu,
  relu6: tf.relu6,
  sign: tf.sign,
  square: tf.square,
  floor: tf.floor,
  ceil: tf.ceil,
  round: tf.round,
  step: (x) => tf.step(x, 0.25),
  clip: (x) => tf.clipByValue(x, -1.5, 2),
  zerosLike: tf.zerosLike,
  onesLike: tf.onesLike,
  clone: tf.clone,
  isNaN: tf.isNaN,
};

const roundedUnary: Readonly<Record<string, Unary>> = {
  sqrt: tf.sqrt,
  rsqrt: tf.rsqrt,
  reciprocal: tf.reciprocal,
  exp: tf.exp,
  expm1: tf.expm1,
  log: tf.log,
  log1p: tf.log1p,
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  softplus: tf.softplus,
  elu: tf.elu,
  selu: tf.selu,
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  sin: tf.sin,
  cos: tf.cos,
  erf: tf.erf,
};

const exactBinary: Readonly<Record<string, Binary>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  maximum: tf.maximum,
  minimum: tf.minimum,
};

const comparisons: Readonly<Record<string, Binary>> = {
  equal: tf.equal,
  notEqual: tf.notEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
};

/** A shape that broadcasts with this one: dimensions of 1, or none, where this has its own. */
function broadcastable({ draw }: Source, shape: readonly number[]): number[] {
  if (draw.chance(0.4)) return [...shape];
  return shape.map((n) => (draw.chance(0.4) ? 1 : n)).slice(draw.integer(0, shape.length));
}

function unary(table: Readonly<Record<string, Unary>>, error: 'none' | 'rounding'): Operation {
  return (source) => {
    const [name, run] = source.draw.pick(Object.entries(table)) as [string, Unary];
    return { name, inputs: [source.any()], run, error, gradients: name !== 'isNaN' };
  };
}

/** tfjs leaves the derivatives of some operations, and of all to nothing, in the shape of the result after a broadcast. */
function summed(name: string, a: tf.Tensor, b: tf.Tensor): boolean {
  return (['add', 'sub', 'mul'].includes(name) && a.size * b.size > 0) || tf.util.arraysEqual(a.shape, b.shape);
}

function binary(table: Readonly<Record<string, Binary>>, gradients: boolean, dtype: 'float32' | 'int32'): Operation {
  return (source) => {
    const [name, run] = source.draw.pick(Object.entries(table)) as [string, Binary];
    const a = source.any(dtype);
    const b = source.tensor(broadcastable(source, a.shape), dtype);
    const inputs = source.draw.chance(0.5) ? [a, b] : [b, a];
    return { name: `${name} of ${dtype}`, inputs, run, error: 'none', gradients: gradients && summed(name, a, b) };
  };
}

const rounded: Operation = (source) => {
  const [name, run] = source.draw.pick([
    ['div', tf.div],
    ['squaredDifference', tf.squaredDifference],
  ] as const);
  const a = source.any();
  const b = source.tensor(broadcastable(source, a.shape));
  // The derivative of a quotient by a small number is as large as anything.
  return { name, inputs: [a, b], run, error: 'rounding', gradients: name !== 'div' && summed(name, a, b) };
};

const select: Operation = (source) => {
  const a = source.any();
  const inputs = [source.tensor(a.shape, 'bool'), a, source.tensor(a.shape)];
  return { name: 'where', inputs, run: (c, x, y) => tf.where(c!, x!, y!), error: 'none', gradients: false };
};

const cast: Operation = (source) => {
  const { draw } = source;
  const from = draw.pick(['float32', 'int32', 'bool'] as const);
  const to = draw.pick(['float32', 'int32', 'bool'] as const);
  const run = (x: tf.Tensor): tf.Tensor => tf.cast(x, to);
  return { name: `cast ${from} to ${to}`, inputs: [source.any(from)], run, error: 'none', gradients: false };
};

const castTwice: Operation = (source) => {
  const run = (x: tf.Tensor): tf.Tensor => tf.mul(tf.cast(tf.cast(x, 'int32'), 'float32'), 3);
  return { name: 'cast bool to int32 to float32', inputs: [source.any('bool')], run, error: 'none', gradients: false };
};

const prelu: Operation = (source) => {
  const x = source.tensor(source.shape(1));
  const alpha = source.tensor([x.shape.at(-1) as number]);
  return { name: 'prelu', inputs: [x, alpha], run: tf.prelu, error: 'rounding', gradients: true };
};

export const elementwise: readonly Operation[] = [
  unary(exactUnary, 'none'),
  unary(roundedUnary, 'rounding'),
  binary(exactBinary, true, 'float32'),
  binary(exactBinary, false, 'int32'),
  binary(comparisons, false, 'float32'),
  rounded,
  select,
  cast,
  castTwice,
  prelu,
];
