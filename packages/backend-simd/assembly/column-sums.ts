// Sums of a matrix's columns, in float64: a bias's derivative is the sum of thousands of numbers of either sign.

import { storeSum } from './reduce';

// @ts-ignore: decorator
@inline
export function lower(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

// @ts-ignore: decorator
@inline
export function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
}

/** Adds `steps` rows of a packed panel of eight columns to eight sums, or starts these with them. */
export function sumPanel(from: usize, steps: i32, sums: usize, start: bool): void {
  const zero = f64x2.splat(0);
  let s0 = start ? zero : v128.load(sums), s1 = start ? zero : v128.load(sums, 16);
  let s2 = start ? zero : v128.load(sums, 32), s3 = start ? zero : v128.load(sums, 48);
  for (; steps > 0; steps--) {
    const x = v128.load(from), y = v128.load(from, 16);
    s0 = f64x2.add(s0, lower(x));
    s1 = f64x2.add(s1, upper(x));
    s2 = f64x2.add(s2, lower(y));
    s3 = f64x2.add(s3, upper(y));
    from += 32;
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
}

/** Rounds up to eight sums to float32. */
export function storeSums(sums: usize, to: usize, count: i32): void {
  const one = f64x2.splat(1);
  storeSum(to, v128.load(sums), v128.load(sums, 16), one, count);
  storeSum(to + 16, v128.load(sums, 32), v128.load(sums, 48), one, count - 4);
}

/** The sums of the columns of a small or narrow matrix, [rows, columns], in float32. */
export function sumColumns(from: usize, rows: i32, columns: i32, to: usize): void {
  for (let j = 0; j < columns; j++) {
    let sum: f64 = 0;
    for (let i = 0; i < rows; i++) sum += <f64>load<f32>(from + ((<usize>i * columns + j) << 2));
    store<f32>(to + ((<usize>j) << 2), <f32>sum);
  }
}
