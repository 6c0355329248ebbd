// Products in which a matrix is a vector, where tiles would be mostly empty: C has one column, or the sum one term.

import { storeUpTo } from './lanes';
import { madd, splat } from './math';

/** Does the product and returns true if it is of a kind that is known here; C = A B as in matmul.ts. */
export function narrowProduct(a: usize, b: usize, c: usize, m: i32, n: i32, k: i32, transposeA: i32): bool {
  // Vectors look the same transposed or not: B of one column, and both operands of an outer product.
  if (k == 1) outer(a, b, c, m, n);
  else if (n == 1 && !transposeA) rowsByVector(a, b, c, m, k);
  else if (n == 1) columnsByVector(a, b, c, m, k);
  else return false;
  return true;
}

/** c[i, j] = a[i] b[j]. */
function outer(a: usize, b: usize, c: usize, m: i32, n: i32): void {
  for (let i = 0; i < m; i++) {
    const x = v128.load_splat<f32>(a + ((<usize>i) << 2));
    for (let j = 0; j < n; j += 4) {
      const y = f32x4.mul(x, v128.load(b + ((<usize>j) << 2)));
      storeUpTo(c, y, n - j);
      c += (<usize>min(4, n - j)) << 2;
    }
  }
}

/** c[i] = sum over j of a[i, j] b[j]. */
function rowsByVector(a: usize, b: usize, c: usize, m: i32, k: i32): void {
  for (let i = 0; i < m; i++) {
    let s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
    let j = 0;
    for (; j + 16 <= k; j += 16) {
      const at = (<usize>j) << 2;
      s0 = madd(v128.load(a + at), v128.load(b + at), s0);
      s1 = madd(v128.load(a + at, 16), v128.load(b + at, 16), s1);
      s2 = madd(v128.load(a + at, 32), v128.load(b + at, 32), s2);
      s3 = madd(v128.load(a + at, 48), v128.load(b + at, 48), s3);
    }
    const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
    let sum = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
    for (; j < k; j++) sum += load<f32>(a + ((<usize>j) << 2)) * load<f32>(b + ((<usize>j) << 2));
    store<f32>(c + ((<usize>i) << 2), sum);
    a += (<usize>k) << 2;
  }
}

/** c[i] = sum over j of a[j, i] b[j]: sixteen sums at a time. */
function columnsByVector(a: usize, b: usize, c: usize, m: i32, k: i32): void {
  const stride = (<usize>m) << 2;
  for (let i = 0; i < m; i += 16) {
    let s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
    let at = a + ((<usize>i) << 2);
    for (let j = 0; j < k; j++) {
      const x = v128.load_splat<f32>(b + ((<usize>j) << 2));
      s0 = madd(v128.load(at), x, s0);
      s1 = madd(v128.load(at, 16), x, s1);
      s2 = madd(v128.load(at, 32), x, s2);
      s3 = madd(v128.load(at, 48), x, s3);
      at += stride;
    }
    storeUpTo(c, s0, m - i);
    storeUpTo(c + 16, s1, m - i - 4);
    storeUpTo(c + 32, s2, m - i - 8);
    storeUpTo(c + 48, s3, m - i - 12);
    c += 64;
  }
}
