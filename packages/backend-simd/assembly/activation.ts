// What follows the sum in a fused product or convolution, row by row while it is in the first-level cache.

import { storeUpTo } from './lanes';
import { NORMAL, orZero, sigmoidOrZero4, splat } from './math';

// Activations: none, max(x, 0) as 1, min(max(x, 0), 6), and the logistic function.
export const LINEAR: i32 = 0;
export const RELU: i32 = 1;
const RELU6: i32 = 2;
export const SIGMOID: i32 = 3;

/** Applies an activation to `count` elements in place. */
export function activateRow(activation: i32, at: usize, count: i32): void {
  if (activation == SIGMOID) sigmoidRow(at, count);
  else if (activation != LINEAR) boundRow(at, count, activation == RELU6 ? 6 : Infinity);
}

/** Multiplies `count` elements in place by the derivative of the activation (ReLU or sigmoid) where its values are y. */
export function derivativeRow(activation: i32, y: usize, at: usize, count: i32): void {
  if (activation == RELU) deriveRow(RELU, y, at, count);
  else deriveRow(SIGMOID, y, at, count);
}

// @ts-ignore: decorator
@inline
function deriveRow(activation: i32, y: usize, at: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(at, derivative(activation, v128.load(y), v128.load(at)));
    y += 16;
    at += 16;
  }
  if (count > 0) storeUpTo(at, derivative(activation, v128.load(y), v128.load(at)), count);
}

/** dy act'(y): relu' = [y > 0], sigmoid' = y (1 - y). It is 0 where it would be subnormal. */
// @ts-ignore: decorator
@inline
export function derivative(activation: i32, y: v128, dy: v128): v128 {
  if (activation == LINEAR) return dy;
  if (activation == SIGMOID) return orZero(f32x4.mul(dy, f32x4.mul(y, f32x4.sub(splat(1), y))), NORMAL);
  return v128.and(dy, f32x4.gt(y, splat(0)));
}

/** Adds `count` elements of a bias in place. */
export function addRow(at: usize, bias: usize, count: i32): void {
  for (; count > 0; count -= 4) {
    storeUpTo(at, f32x4.add(v128.load(at), v128.load(bias)), count);
    at += 16;
    bias += 16;
  }
}

function sigmoidRow(at: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(at, sigmoidOrZero4(v128.load(at)));
    at += 16;
  }
  if (count > 0) storeUpTo(at, sigmoidOrZero4(v128.load(at)), count);
}

// pmin and pmax in this order let NaN through.
function boundRow(at: usize, count: i32, highest: f32): void {
  const high = splat(highest);
  for (; count >= 4; count -= 4) {
    v128.store(at, f32x4.pmin(f32x4.pmax(v128.load(at), splat(0)), high));
    at += 16;
  }
  if (count > 0) storeUpTo(at, f32x4.pmin(f32x4.pmax(v128.load(at), splat(0)), high), count);
}
