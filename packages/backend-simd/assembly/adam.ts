// One step of Adam (Kingma and Ba 2015, algorithm 1) for one variable.

import { madd, splat } from './math';
import { args, parallelFor } from './pool';

const CHUNK: i32 = 8192;

@unmanaged
class Adam {
  parameter: usize = 0;
  m: usize = 0;
  v: usize = 0;
  gradient: usize = 0;
  newParameter: usize = 0;
  newM: usize = 0;
  newV: usize = 0;
  count: i32 = 0;
  beta1: f32 = 0;
  beta2: f32 = 0;
  rest1: f32 = 0; // 1 - beta1, rounded once
  rest2: f32 = 0;
  rate: f32 = 0; // learning rate / (1 - beta1^step)
  correction: f32 = 0; // sqrt(1 - beta2^step)
  epsilon: f32 = 0;
}

export function adam(
  parameter: usize,
  m: usize,
  v: usize,
  gradient: usize,
  newParameter: usize,
  newM: usize,
  newV: usize,
  count: i32,
  beta1: f64,
  beta2: f64,
  rate: f32,
  correction: f32,
  epsilon: f32,
): void {
  const p = changetype<Adam>(args());
  p.parameter = parameter;
  p.m = m;
  p.v = v;
  p.gradient = gradient;
  p.newParameter = newParameter;
  p.newM = newM;
  p.newV = newV;
  p.count = count;
  p.beta1 = <f32>beta1;
  p.beta2 = <f32>beta2;
  p.rest1 = <f32>(1 - beta1);
  p.rest2 = <f32>(1 - beta2);
  p.rate = rate;
  p.correction = correction;
  p.epsilon = epsilon;
  const task: (chunk: i32) => void = adamChunk;
  parallelFor(task.index, (count + CHUNK - 1) / CHUNK);
}

function adamChunk(chunk: i32): void {
  const p = changetype<Adam>(args());
  const first = (<usize>chunk * CHUNK) << 2;
  const end = first + ((<usize>min(CHUNK, p.count - chunk * CHUNK)) << 2);
  const beta1 = splat(p.beta1), rest1 = splat(p.rest1);
  const beta2 = splat(p.beta2), rest2 = splat(p.rest2);
  const rate = splat(-p.rate), correction = splat(1 / p.correction), epsilon = splat(p.epsilon);
  for (let i = first; i < end; i += 16) {
    const g = v128.load(p.gradient + i);
    const m = madd(beta1, v128.load(p.m + i), f32x4.mul(rest1, g));
    const v = madd(beta2, v128.load(p.v + i), f32x4.mul(rest2, f32x4.mul(g, g)));
    // theta - rate m / (sqrt(v) / correction + epsilon), the bias corrections folded into rate and correction
    const denominator = madd(f32x4.sqrt(v), correction, epsilon);
    v128.store(p.newM + i, m);
    v128.store(p.newV + i, v);
    v128.store(p.newParameter + i, madd(rate, f32x4.div(m, denominator), v128.load(p.parameter + i)));
  }
}
