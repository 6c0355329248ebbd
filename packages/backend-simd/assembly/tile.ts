// The inner kernel of matrix products: up to 6 x 8 sums in registers.

import { madd } from './math';

/**
 * c[rows, 8] = start + a b, or c + a b if it is to `accumulate`, for a panel b of [steps, 8] and six rows of a (four, if not
 * `six`): rows `lda` bytes apart, or, `byColumns`, `steps` columns of so many bytes. Strides are in bytes.
 */
// @ts-ignore: decorator
@inline
function tile(
  six: bool,
  byColumns: bool,
  accumulate: bool,
  a: usize,
  lda: usize,
  b: usize,
  steps: i32,
  c: usize,
  ldc: usize,
  start: usize,
): void {
  let c00 = v128.load(start), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00;
  let c01 = v128.load(start, 16), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01;
  if (accumulate) {
    let from = c;
    c00 = v128.load(from); c01 = v128.load(from, 16); from += ldc;
    c10 = v128.load(from); c11 = v128.load(from, 16); from += ldc;
    c20 = v128.load(from); c21 = v128.load(from, 16); from += ldc;
    c30 = v128.load(from); c31 = v128.load(from, 16);
    if (six) {
      from += ldc;
      c40 = v128.load(from); c41 = v128.load(from, 16); from += ldc;
      c50 = v128.load(from); c51 = v128.load(from, 16);
    }
  }
  let a1 = a + lda;
  let a2 = a1 + lda;
  let a3 = a2 + lda;
  let a4 = a3 + lda;
  let a5 = a4 + lda;
  for (; steps > 0; steps--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = byColumns ? v128.load_splat<f32>(a, 4) : v128.load_splat<f32>(a1);
    c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = byColumns ? v128.load_splat<f32>(a, 8) : v128.load_splat<f32>(a2);
    c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = byColumns ? v128.load_splat<f32>(a, 12) : v128.load_splat<f32>(a3);
    c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
    if (six) {
      x = byColumns ? v128.load_splat<f32>(a, 16) : v128.load_splat<f32>(a4);
      c40 = madd(x, b0, c40); c41 = madd(x, b1, c41);
      x = byColumns ? v128.load_splat<f32>(a, 20) : v128.load_splat<f32>(a5);
      c50 = madd(x, b0, c50); c51 = madd(x, b1, c51);
    }
    b += 32;
    if (byColumns) a += lda;
    else {
      a += 4; a1 += 4; a2 += 4; a3 += 4;
      if (six) { a4 += 4; a5 += 4; }
    }
  }
  // Nothing but stores here: more work on the accumulators makes the engine spill them inside the loop.
  v128.store(c, c00); v128.store(c, c01, 16); c += ldc;
  v128.store(c, c10); v128.store(c, c11, 16); c += ldc;
  v128.store(c, c20); v128.store(c, c21, 16); c += ldc;
  v128.store(c, c30); v128.store(c, c31, 16);
  if (six) {
    c += ldc;
    v128.store(c, c40); v128.store(c, c41, 16); c += ldc;
    v128.store(c, c50); v128.store(c, c51, 16);
  }
}

export function tile6Rows(a: usize, lda: usize, b: usize, k: i32, c: usize, ldc: usize, start: usize): void {
  tile(true, false, false, a, lda, b, k, c, ldc, start);
}

export function tile4Rows(a: usize, lda: usize, b: usize, k: i32, c: usize, ldc: usize, start: usize): void {
  tile(false, false, false, a, lda, b, k, c, ldc, start);
}

export function tile6Columns(a: usize, lda: usize, b: usize, k: i32, c: usize, ldc: usize, start: usize): void {
  tile(true, true, false, a, lda, b, k, c, ldc, start);
}

export function tile4Columns(a: usize, lda: usize, b: usize, k: i32, c: usize, ldc: usize, start: usize): void {
  tile(false, true, false, a, lda, b, k, c, ldc, start);
}

/** c += a b for six columns of a; c is [6, 8]. */
export function addTile6Columns(a: usize, lda: usize, b: usize, k: i32, c: usize): void {
  tile(true, true, true, a, lda, b, k, c, 32, c);
}

export function addTile4Columns(a: usize, lda: usize, b: usize, k: i32, c: usize): void {
  tile(false, true, true, a, lda, b, k, c, 32, c);
}

/** Moves a tile of eight columns from the scratch area to its place, or adds it to what stands there. */
export function moveTile(from: usize, to: usize, stride: usize, rows: i32, columns: i32, accumulate: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const x = load<f32>(from + (j << 2));
      store<f32>(to + (j << 2), accumulate ? load<f32>(to + (j << 2)) + x : x);
    }
    from += 32;
    to += stride;
  }
}
