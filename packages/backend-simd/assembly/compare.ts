// Comparisons, and logic on their results: bytes that are 0 or 1.

import { splat } from './math';
import { Binary } from './ops';

/** y = op(a, b), bytes, for `count` numbers; an operand of step 0 is one number. */
export function compareRun(op: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): void {
  switch (op) {
    case Binary.Equal: return compare(Binary.Equal, a, b, y, count, stepA, stepB);
    case Binary.NotEqual: return compare(Binary.NotEqual, a, b, y, count, stepA, stepB);
    case Binary.Greater: return compare(Binary.Greater, a, b, y, count, stepA, stepB);
    case Binary.GreaterEqual: return compare(Binary.GreaterEqual, a, b, y, count, stepA, stepB);
    case Binary.Less: return compare(Binary.Less, a, b, y, count, stepA, stepB);
    case Binary.LessEqual: return compare(Binary.LessEqual, a, b, y, count, stepA, stepB);
    case Binary.IsFinite: return compare(Binary.IsFinite, a, b, y, count, stepA, stepB);
    case Binary.IsInf: return compare(Binary.IsInf, a, b, y, count, stepA, stepB);
    case Binary.EqualInt: return compare(Binary.EqualInt, a, b, y, count, stepA, stepB);
    case Binary.NotEqualInt: return compare(Binary.NotEqualInt, a, b, y, count, stepA, stepB);
    case Binary.GreaterInt: return compare(Binary.GreaterInt, a, b, y, count, stepA, stepB);
    case Binary.GreaterEqualInt: return compare(Binary.GreaterEqualInt, a, b, y, count, stepA, stepB);
    case Binary.LessInt: return compare(Binary.LessInt, a, b, y, count, stepA, stepB);
    case Binary.LessEqualInt: return compare(Binary.LessEqualInt, a, b, y, count, stepA, stepB);
    default: unreachable();
  }
}

// @ts-ignore: decorator
@inline
function compare(op: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): void {
  const one = v128.load_splat<f32>(a);
  const other = v128.load_splat<f32>(b);
  for (; count > 0; count -= 16) {
    const m0 = mask(op, stepA == 1 ? v128.load(a) : one, stepB == 1 ? v128.load(b) : other);
    const m1 = mask(op, stepA == 1 ? v128.load(a, 16) : one, stepB == 1 ? v128.load(b, 16) : other);
    const m2 = mask(op, stepA == 1 ? v128.load(a, 32) : one, stepB == 1 ? v128.load(b, 32) : other);
    const m3 = mask(op, stepA == 1 ? v128.load(a, 48) : one, stepB == 1 ? v128.load(b, 48) : other);
    const bytes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(m0, m1), i16x8.narrow_i32x4_s(m2, m3));
    storeBytes(y, v128.and(bytes, i8x16.splat(1)), count);
    a += 64;
    b += 64;
    y += 16;
  }
}

// @ts-ignore: decorator
@inline
function mask(op: i32, a: v128, b: v128): v128 {
  if (op == Binary.Equal) return f32x4.eq(a, b);
  if (op == Binary.NotEqual) return f32x4.ne(a, b);
  if (op == Binary.Greater) return f32x4.gt(a, b);
  if (op == Binary.GreaterEqual) return f32x4.ge(a, b);
  if (op == Binary.Less) return f32x4.lt(a, b);
  if (op == Binary.LessEqual) return f32x4.le(a, b);
  if (op == Binary.IsFinite) return f32x4.lt(f32x4.abs(a), splat(Infinity));
  if (op == Binary.IsInf) return f32x4.eq(f32x4.abs(a), splat(Infinity));
  if (op == Binary.EqualInt) return i32x4.eq(a, b);
  if (op == Binary.NotEqualInt) return i32x4.ne(a, b);
  if (op == Binary.GreaterInt) return i32x4.gt_s(a, b);
  if (op == Binary.GreaterEqualInt) return i32x4.ge_s(a, b);
  if (op == Binary.LessInt) return i32x4.lt_s(a, b);
  return i32x4.le_s(a, b);
}

/** y = op(a, b) for `count` bytes. */
export function logicalRun(op: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): void {
  const one = v128.load_splat<u8>(a);
  const other = v128.load_splat<u8>(b);
  for (; count > 0; count -= 16) {
    const left = stepA == 1 ? v128.load(a) : one;
    const right = stepB == 1 ? v128.load(b) : other;
    if (op == Binary.And) storeBytes(y, v128.and(left, right), count);
    else if (op == Binary.Or) storeBytes(y, v128.or(left, right), count);
    else storeBytes(y, v128.xor(left, right), count);
    a += 16;
    b += 16;
    y += 16;
  }
}

/** The first `count` bytes of a vector; all of them from 16 on. */
// @ts-ignore: decorator
@inline
function storeBytes(to: usize, x: v128, count: i32): void {
  if (count >= 16) v128.store(to, x);
  else storeFewBytes(to, x, count);
}

function storeFewBytes(to: usize, x: v128, count: i32): void {
  let bits = i64x2.extract_lane(x, 0);
  if (count >= 8) {
    store<i64>(to, bits);
    bits = i64x2.extract_lane(x, 1);
    to += 8;
    count -= 8;
  }
  for (; count > 0; count--) {
    store<u8>(to++, <u8>bits);
    bits >>= 8;
  }
}
