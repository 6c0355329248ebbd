// Functions of one tensor, element by element. A chunk is a whole number of vectors; the last may run into the slack.

import {
  elu4,
  erf4,
  exp4,
  expm14,
  leakyRelu4,
  log1p4,
  log4,
  selu4,
  sigmoid4,
  softplus4,
  splat,
  tanh4,
} from './math';
import { Unary } from './ops';
import { args, parallelFor } from './pool';

const CHEAP_CHUNK: i32 = 16384;
const COSTLY_CHUNK: i32 = 2048;

@unmanaged
class Map {
  x: usize = 0;
  y: usize = 0;
  count: i32 = 0;
  chunk: i32 = 0;
  op: i32 = 0;
  alpha: f32 = 0; // lower bound of ClipByValue, value below 0 of Step, slope of LeakyRelu, scale below 0 of Selu
  beta: f32 = 0; // upper bound of ClipByValue, scale from 0 on of Selu
}

/** y = op(x) for `count` floats. */
export function unary(op: i32, x: usize, y: usize, count: i32, alpha: f32, beta: f32): void {
  const p = changetype<Map>(args());
  p.x = x;
  p.y = y;
  p.count = count;
  p.chunk = op >= Unary.Exp ? COSTLY_CHUNK : CHEAP_CHUNK;
  p.op = op;
  p.alpha = alpha;
  p.beta = beta;
  const task: (chunk: i32) => void = unaryChunk;
  parallelFor(task.index, (count + p.chunk - 1) / p.chunk);
}

function unaryChunk(chunk: i32): void {
  const p = changetype<Map>(args());
  const first = chunk * p.chunk;
  const x = p.x + ((<usize>first) << 2);
  const y = p.y + ((<usize>first) << 2);
  const end = y + ((<usize>min(p.chunk, p.count - first)) << 2);
  const alpha = splat(p.alpha);
  const beta = splat(p.beta);
  switch (p.op) {
    case Unary.Abs: return map(Unary.Abs, x, y, end, alpha, beta);
    case Unary.Neg: return map(Unary.Neg, x, y, end, alpha, beta);
    case Unary.Relu: return map(Unary.Relu, x, y, end, alpha, beta);
    case Unary.Relu6: return map(Unary.Relu6, x, y, end, alpha, beta);
    case Unary.Step: return map(Unary.Step, x, y, end, alpha, beta);
    case Unary.Sign: return map(Unary.Sign, x, y, end, alpha, beta);
    case Unary.Square: return map(Unary.Square, x, y, end, alpha, beta);
    case Unary.Sqrt: return map(Unary.Sqrt, x, y, end, alpha, beta);
    case Unary.Rsqrt: return map(Unary.Rsqrt, x, y, end, alpha, beta);
    case Unary.Reciprocal: return map(Unary.Reciprocal, x, y, end, alpha, beta);
    case Unary.Floor: return map(Unary.Floor, x, y, end, alpha, beta);
    case Unary.Ceil: return map(Unary.Ceil, x, y, end, alpha, beta);
    case Unary.Round: return map(Unary.Round, x, y, end, alpha, beta);
    case Unary.ClipByValue: return map(Unary.ClipByValue, x, y, end, alpha, beta);
    case Unary.LeakyRelu: return map(Unary.LeakyRelu, x, y, end, alpha, beta);
    case Unary.Exp: return map(Unary.Exp, x, y, end, alpha, beta);
    case Unary.Log: return map(Unary.Log, x, y, end, alpha, beta);
    case Unary.Sigmoid: return map(Unary.Sigmoid, x, y, end, alpha, beta);
    case Unary.Tanh: return map(Unary.Tanh, x, y, end, alpha, beta);
    case Unary.Softplus: return map(Unary.Softplus, x, y, end, alpha, beta);
    case Unary.Elu: return map(Unary.Elu, x, y, end, alpha, beta);
    case Unary.Selu: return map(Unary.Selu, x, y, end, alpha, beta);
    case Unary.Expm1: return map(Unary.Expm1, x, y, end, alpha, beta);
    case Unary.Log1p: return map(Unary.Log1p, x, y, end, alpha, beta);
    case Unary.Erf: return map(Unary.Erf, x, y, end, alpha, beta);
    default: unreachable();
  }
}

// @ts-ignore: decorator
@inline
function map(op: i32, x: usize, y: usize, end: usize, alpha: v128, beta: v128): void {
  while (y < end) {
    v128.store(y, apply(op, v128.load(x), alpha, beta));
    x += 16;
    y += 16;
  }
}

// @ts-ignore: decorator
@inline
function apply(op: i32, x: v128, alpha: v128, beta: v128): v128 {
  if (op == Unary.Abs) return f32x4.abs(x);
  if (op == Unary.Neg) return f32x4.neg(x);
  if (op == Unary.Relu) return f32x4.max(x, splat(0));
  if (op == Unary.Relu6) return f32x4.min(f32x4.max(x, splat(0)), splat(6));
  if (op == Unary.Step) return step4(x, alpha);
  if (op == Unary.Sign) return sign4(x);
  if (op == Unary.Square) return f32x4.mul(x, x);
  if (op == Unary.Sqrt) return f32x4.sqrt(x);
  if (op == Unary.Rsqrt) return f32x4.div(splat(1), f32x4.sqrt(x));
  if (op == Unary.Reciprocal) return f32x4.div(splat(1), x);
  if (op == Unary.Floor) return f32x4.floor(x);
  if (op == Unary.Ceil) return f32x4.ceil(x);
  if (op == Unary.Round) return f32x4.nearest(x);
  if (op == Unary.ClipByValue) return clip4(x, alpha, beta);
  if (op == Unary.LeakyRelu) return leakyRelu4(x, alpha);
  if (op == Unary.Exp) return exp4(x);
  if (op == Unary.Log) return log4(x);
  if (op == Unary.Sigmoid) return sigmoid4(x);
  if (op == Unary.Tanh) return tanh4(x);
  if (op == Unary.Softplus) return softplus4(x);
  if (op == Unary.Elu) return elu4(x, splat(1));
  if (op == Unary.Selu) return selu4(x, alpha, beta);
  if (op == Unary.Expm1) return expm14(x);
  if (op == Unary.Log1p) return log1p4(x);
  return erf4(x);
}

/** 1 for x > 0, `below` for the rest, NaN for NaN. */
// @ts-ignore: decorator
@inline
function step4(x: v128, below: v128): v128 {
  const y = v128.bitselect(splat(1), below, f32x4.gt(x, splat(0)));
  return v128.bitselect(x, y, f32x4.ne(x, x));
}

// @ts-ignore: decorator
@inline
function sign4(x: v128): v128 {
  const positive = v128.and(f32x4.gt(x, splat(0)), splat(1));
  const negative = v128.and(f32x4.lt(x, splat(0)), splat(-1));
  return v128.or(positive, negative);
}

// @ts-ignore: decorator
@inline
function clip4(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}
