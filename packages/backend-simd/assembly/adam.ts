// One step of Adam (Kingma and Ba 2015, algorithm 1) for some variables at once.
//
// Subnormal numbers take many processors a hundred times as long as others, and a weight that gets no gradient any more
// would keep them for ever: times 0.9 and rounded, the smallest ones stay what they are. So gradients and moments under
// 2^-120 count as zero, and so do gradients under 2^-54 where they are squared: beside an epsilon of 1e-8, neither moves a
// weight by a part in 10^15 of the learning rate.

import { madd, orZero, splat } from './math';
import { args, parallelFor } from './pool';

const CHUNK: i32 = 8192;
const LEAST: f32 = 7.52316384526264e-37; // 2^-120
const LEAST_SQUARED: f32 = 5.551115123125783e-17; // 2^-54

/** One variable, as the caller lists them. */
@unmanaged
class Variable {
  parameter: usize = 0;
  m: usize = 0;
  v: usize = 0;
  gradient: usize = 0;
  newParameter: usize = 0; // may be the old ones, too
  newM: usize = 0;
  newV: usize = 0;
  count: i32 = 0;
}

@unmanaged
class Adam {
  variables: usize = 0;
  beta1: f32 = 0;
  beta2: f32 = 0;
  rest1: f32 = 0; // 1 - beta1, rounded once
  rest2: f32 = 0;
  rate: f32 = 0; // learning rate / (1 - beta1^step)
  correction: f32 = 0; // sqrt(1 - beta2^step)
  epsilon: f32 = 0;
}

/** `variables` is the address of a list of `count` of them. */
export function adam(
  variables: usize,
  count: i32,
  beta1: f64,
  beta2: f64,
  rate: f32,
  correction: f32,
  epsilon: f32,
): void {
  const p = changetype<Adam>(args());
  p.variables = variables;
  p.beta1 = <f32>beta1;
  p.beta2 = <f32>beta2;
  p.rest1 = <f32>(1 - beta1);
  p.rest2 = <f32>(1 - beta2);
  p.rate = rate;
  p.correction = correction;
  p.epsilon = epsilon;
  let chunks = 0;
  for (let i = 0; i < count; i++) chunks += chunksOf(variableAt(p, i));
  const task: (chunk: i32) => void = adamChunk;
  parallelFor(task.index, chunks);
}

// @ts-ignore: decorator
@inline
function variableAt(p: Adam, i: i32): Variable {
  return changetype<Variable>(p.variables + <usize>i * offsetof<Variable>());
}

// @ts-ignore: decorator
@inline
function chunksOf(x: Variable): i32 {
  return (x.count + CHUNK - 1) / CHUNK;
}

function adamChunk(chunk: i32): void {
  const p = changetype<Adam>(args());
  let i = 0;
  let x = variableAt(p, 0);
  for (; chunk >= chunksOf(x); x = variableAt(p, ++i)) chunk -= chunksOf(x);
  updatePart(p, x, (<usize>chunk * CHUNK) << 2, min(CHUNK, x.count - chunk * CHUNK));
}

function updatePart(p: Adam, x: Variable, first: usize, count: i32): void {
  const end = first + ((<usize>count) << 2);
  const beta1 = splat(p.beta1), rest1 = splat(p.rest1);
  const beta2 = splat(p.beta2), rest2 = splat(p.rest2);
  const rate = splat(-p.rate), correction = splat(1 / p.correction), epsilon = splat(p.epsilon);
  for (let i = first; i < end; i += 16) {
    const g = v128.load(x.gradient + i);
    const gOfM = orZero(g, LEAST), gOfV = orZero(g, LEAST_SQUARED);
    const m = orZero(madd(beta1, v128.load(x.m + i), f32x4.mul(rest1, gOfM)), LEAST);
    const v = orZero(madd(beta2, v128.load(x.v + i), f32x4.mul(rest2, f32x4.mul(gOfV, gOfV))), LEAST);
    // theta - rate m / (sqrt(v) / correction + epsilon), the bias corrections folded into rate and correction
    const denominator = madd(f32x4.sqrt(v), correction, epsilon);
    v128.store(x.newM + i, m);
    v128.store(x.newV + i, v);
    v128.store(x.newParameter + i, madd(rate, f32x4.div(m, denominator), v128.load(x.parameter + i)));
  }
}
