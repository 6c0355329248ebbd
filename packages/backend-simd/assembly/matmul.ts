// Matrix products, for any transposition, batched; and those of a dense layer's backward pass.

import { finishBlock } from './block';
import { sumColumns } from './column-sums';
import { multiply } from './multiply';
import { narrowProduct } from './narrow';
import { describeProduct, Product } from './product';

/**
 * C = act(A B + bias): A is [batch, m, k] ([batch, k, m] if transposed), B is [batch, k, n] ([batch, n, k]), C is
 * [batch, m, n], all dense; strides are in bytes, from one matrix to the next; `bias` is the address of n elements, or 0.
 */
export function matMul(
  a: usize,
  b: usize,
  c: usize,
  bias: usize,
  batch: i32,
  m: i32,
  n: i32,
  k: i32,
  transposeA: i32,
  transposeB: i32,
  strideA: usize,
  strideB: usize,
  activation: i32,
): void {
  const p = describeProduct(a, b, c, m, n, k);
  p.bias = bias;
  p.transposeA = transposeA;
  p.transposeB = transposeB;
  p.strideA = strideA;
  p.strideB = strideB;
  p.activation = activation;
  if (batch > 1 || !multiplyNarrow(p)) multiply(p, batch);
}

/**
 * dKernel = x^T dSum, [k, n], and dBias, the sums of dSum's columns (in float64), for x [rows, k] and dSum [rows, n]. The
 * second half of x stands at `second`, if that is not 0. What is under 2^-80 in x counts as zero: with derivatives it makes
 * subnormal numbers, and moves no weight. (Products with vectors take it as it is.)
 */
export function denseWeightGrad(
  x: usize, second: usize, dSum: usize, dKernel: usize, dBias: usize, rows: i32, k: i32, n: i32,
): void {
  const p = describeProduct(x, dSum, dKernel, k, n, rows);
  p.transposeA = 1;
  p.onlyLarge = true;
  if (second) {
    p.second = second;
    p.split = rows >> 1;
  } else if (multiplyNarrow(p)) {
    sumColumns(dSum, rows, n, dBias);
    return;
  }
  p.sums = dBias;
  multiply(p, 1);
}

/** dx = (dSum kernel^T) act'(y), for dSum [rows, n], kernel [k, n], y and dx [rows, k]; linear, it takes no y. */
export function denseInputGrad(
  dSum: usize, kernel: usize, y: usize, dx: usize, rows: i32, k: i32, n: i32, activation: i32,
): void {
  const p = describeProduct(dSum, kernel, dx, rows, k, n);
  p.transposeB = 1;
  p.activation = activation;
  p.y = y;
  if (!multiplyNarrow(p)) multiply(p, 1);
}

/** Computes a product with a vector in it, and says that it has. */
function multiplyNarrow(p: Product): bool {
  if (!narrowProduct(p.a, p.b, p.c, p.m, p.n, p.k, p.transposeA)) return false;
  finishBlock(p, p.c, p.bias, 0, p.m, 0, p.n);
  return true;
}
