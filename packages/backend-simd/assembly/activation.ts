// What follows the sum in a fused product or convolution, row by row while it is in the first-level cache.

import { storeUpTo } from './lanes';
import { expm1Reduced4, lessMultiplesOfLn2, madd, NORMAL, orZero, ROUNDER, splat } from './math';

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

/** Where the logistic function is the smallest normal number. */
const SIGMOID_NORMAL: f32 = -87.33654;

/** Logistic function, 0 where it would be subnormal. */
// @ts-ignore: decorator
@inline
function sigmoidOrZero4(x: v128): v128 {
  const minus = f32x4.neg(f32x4.pmin(f32x4.pmax(x, splat(SIGMOID_NORMAL)), splat(87)));
  const sum = madd(minus, splat(1.44269504), splat(ROUNDER));
  const n = f32x4.sub(sum, splat(ROUNDER));
  // The low bits of the sum are n: shifted, with the bias added, they are 2^n. Multiplied by that, NaN stays NaN.
  const scale = i32x4.add(i32x4.shl(sum, 23), i32x4.splat(0x3f800000));
  const power = madd(expm1Reduced4(lessMultiplesOfLn2(minus, n)), scale, scale);
  const y = f32x4.div(splat(1), f32x4.add(splat(1), power));
  return v128.andnot(y, f32x4.lt(x, splat(SIGMOID_NORMAL)));
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
