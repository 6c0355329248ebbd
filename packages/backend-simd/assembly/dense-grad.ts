// What a dense layer's backward pass needs between its two products, in one pass over the data: the derivative before the
// activation, and its sum over the batch, which is the derivative with respect to the bias.

import { NORMAL, orZero, splat } from './math';
import { storeUpTo } from './lanes';
import { args, parallelFor } from './pool';
import { storeSum } from './reduce';

const RELU: i32 = 0;
const SIGMOID: i32 = 1;
const LINEAR: i32 = 2;
const STRIP: i32 = 16; // columns at a time: whole cache lines

@unmanaged
class DenseGrad {
  activation: i32 = 0;
  y: usize = 0;
  dy: usize = 0;
  dSum: usize = 0;
  dBias: usize = 0;
  rows: i32 = 0;
  columns: i32 = 0;
}

/**
 * dSum = dy act'(y) and dBias = the column sums of dSum (in float64), for y, dy and dSum [rows, columns]. The activation
 * is ReLU, act' = [y > 0]; the logistic function, act' = y (1 - y); or none. dSum may stand where dy does.
 */
export function denseActivationGrad(
  activation: i32, y: usize, dy: usize, dSum: usize, dBias: usize, rows: i32, columns: i32,
): void {
  const p = changetype<DenseGrad>(args());
  p.activation = activation;
  p.y = y;
  p.dy = dy;
  p.dSum = dSum;
  p.dBias = dBias;
  p.rows = rows;
  p.columns = columns;
  const task: (chunk: i32) => void = gradChunk;
  parallelFor(task.index, (columns + STRIP - 1) / STRIP);
}

function gradChunk(chunk: i32): void {
  const p = changetype<DenseGrad>(args());
  const column = chunk * STRIP;
  const width = min(STRIP, p.columns - column);
  if (p.activation == RELU) strip(RELU, p, column, width);
  else if (p.activation == SIGMOID) strip(SIGMOID, p, column, width);
  else strip(LINEAR, p, column, width);
}

// @ts-ignore: decorator
@inline
function strip(activation: i32, p: DenseGrad, column: i32, width: i32): void {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  const stride = (<usize>p.columns) << 2;
  let y = p.y + ((<usize>column) << 2);
  let dy = p.dy + ((<usize>column) << 2);
  let to = p.dSum + ((<usize>column) << 2);
  for (let i = 0; i < p.rows; i++) {
    let d = derivative(activation, v128.load(y), v128.load(dy));
    storeUpTo(to, d, width);
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(d));
    s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.shuffle<f32>(d, d, 2, 3, 2, 3)));
    d = derivative(activation, v128.load(y, 16), v128.load(dy, 16));
    storeUpTo(to + 16, d, width - 4);
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(d));
    s3 = f64x2.add(s3, f64x2.promote_low_f32x4(v128.shuffle<f32>(d, d, 2, 3, 2, 3)));
    d = derivative(activation, v128.load(y, 32), v128.load(dy, 32));
    storeUpTo(to + 32, d, width - 8);
    s4 = f64x2.add(s4, f64x2.promote_low_f32x4(d));
    s5 = f64x2.add(s5, f64x2.promote_low_f32x4(v128.shuffle<f32>(d, d, 2, 3, 2, 3)));
    d = derivative(activation, v128.load(y, 48), v128.load(dy, 48));
    storeUpTo(to + 48, d, width - 12);
    s6 = f64x2.add(s6, f64x2.promote_low_f32x4(d));
    s7 = f64x2.add(s7, f64x2.promote_low_f32x4(v128.shuffle<f32>(d, d, 2, 3, 2, 3)));
    y += stride;
    dy += stride;
    to += stride;
  }
  const one = f64x2.splat(1);
  const dBias = p.dBias + ((<usize>column) << 2);
  storeSum(dBias, s0, s1, one, width);
  storeSum(dBias + 16, s2, s3, one, width - 4);
  storeSum(dBias + 32, s4, s5, one, width - 8);
  storeSum(dBias + 48, s6, s7, one, width - 12);
}

// @ts-ignore: decorator
@inline
function derivative(activation: i32, y: v128, dy: v128): v128 {
  if (activation == LINEAR) return dy;
  if (activation == SIGMOID) return orZero(f32x4.mul(dy, f32x4.mul(y, f32x4.sub(splat(1), y))), NORMAL);
  return v128.and(dy, f32x4.gt(y, splat(0)));
}
