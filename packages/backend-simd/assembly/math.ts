// Elementary functions of four floats at once. The polynomials come from tools/fit-polynomials.py; the error bounds
// that hold for them, in units in the last place, are stated and checked in test/accuracy.test.ts.

const LN2_HIGH: f32 = 0.693359375; // ln 2 in two parts: n * LN2_HIGH is exact for every exponent n
const LN2_LOW: f32 = -2.12194440e-4;

/** 1.5 * 2^23: added to a small number, it rounds it to an integer and leaves that in the low bits of the sum. */
export const ROUNDER: f32 = 12582912;
const ROUNDER_BITS: i32 = 0x4b400000;

/** a * b + c: one rounding where the engine fuses (relaxed SIMD), two elsewhere. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** x, or 0 where its magnitude is less than that; NaN stays. */
// @ts-ignore: decorator
@inline
export function orZero(x: v128, least: f32): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), splat(least)));
}

/** 2^n for the integers n in [-126, 127]. */
// @ts-ignore: decorator
@inline
function pow2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** exp(r) - 1 for |r| <= ln(2) / 2. */
// @ts-ignore: decorator
@inline
export function expm1Reduced4(r: v128): v128 {
  let p = madd(r, splat(1.9891080485e-4), splat(1.3933730714e-3));
  p = madd(r, p, splat(8.3333108446e-3));
  p = madd(r, p, splat(4.1666464197e-2));
  p = madd(r, p, splat(1.6666666682e-1));
  p = madd(r, p, splat(0.5));
  return madd(f32x4.mul(r, r), p, r);
}

/** x less n ln 2. */
// @ts-ignore: decorator
@inline
export function lessMultiplesOfLn2(x: v128, n: v128): v128 {
  return madd(n, splat(-LN2_LOW), madd(n, splat(-LN2_HIGH), x));
}

/** exp x. Scaling in two halves reaches subnormal results, and overflows to infinity by itself. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // Beyond these bounds the result is 0 or infinity anyway; pmin and pmax let NaN through.
  x = f32x4.pmin(f32x4.pmax(x, splat(-104.0)), splat(89.0));
  const sum = madd(x, splat(1.44269504), splat(ROUNDER));
  const n = f32x4.sub(sum, splat(ROUNDER));
  const p = f32x4.add(expm1Reduced4(lessMultiplesOfLn2(x, n)), splat(1));
  const whole = i32x4.sub(sum, i32x4.splat(ROUNDER_BITS));
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(p, pow2(half)), pow2(i32x4.sub(whole, half)));
}

/** 2 atanh(s) = log((1 + s) / (1 - s)) for |s| <= 1/3. */
// @ts-ignore: decorator
@inline
function log2s(s: v128): v128 {
  const t = f32x4.mul(s, s);
  let q = madd(t, splat(2.3230255332e-1), splat(2.1705427154e-1));
  q = madd(t, q, splat(2.8592426066e-1));
  q = madd(t, q, splat(3.9999705079e-1));
  q = madd(t, q, splat(6.6666667324e-1));
  return madd(f32x4.mul(s, t), q, f32x4.add(s, s));
}

/** Natural logarithm of positive normal numbers. */
// @ts-ignore: decorator
@inline
export function logNormal4(x: v128): v128 {
  // x = 2^n m with m in [sqrt(1/2), sqrt(2))
  const bits = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const n = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const f = f32x4.sub(m, splat(1));
  const s = f32x4.div(f, f32x4.add(splat(2), f));
  return madd(n, splat(LN2_HIGH), madd(n, splat(LN2_LOW), log2s(s)));
}

/** Natural logarithm. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, splat(1.17549435e-38));
  const normal = v128.bitselect(f32x4.mul(x, splat(8388608)), x, tiny); // subnormals made normal: 2^23 x
  let result = f32x4.sub(logNormal4(normal), v128.and(splat(15.942385), tiny));
  result = v128.bitselect(splat(-Infinity), result, f32x4.eq(x, splat(0)));
  result = v128.bitselect(splat(NaN), result, f32x4.lt(x, splat(0)));
  // infinity stays infinity, NaN stays NaN
  const special = v128.not(f32x4.lt(x, splat(Infinity)));
  return v128.bitselect(x, result, special);
}

/** log(1 + u) for 0 <= u <= 1, accurate for small u too. */
// @ts-ignore: decorator
@inline
function log1pUnit4(u: v128): v128 {
  return log2s(f32x4.div(u, f32x4.add(splat(2), u)));
}

/** The smallest normal number. Most processors take a hundred times as long for a sum or product of a smaller one. */
export const NORMAL: f32 = 1.1754943508222875e-38;

/** Logistic function 1 / (1 + exp(-x)); it is exp(x) where exp(-x) would overflow, down to subnormal numbers. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  let y = f32x4.div(splat(1), f32x4.add(splat(1), exp4(f32x4.neg(x))));
  const low = f32x4.lt(x, splat(-87));
  if (v128.any_true(low)) y = v128.bitselect(exp4(x), y, low);
  return y;
}

/** 1 + exp(-x) for |x| <= 87, and its value there beyond, where it is 1 or past 1e37. NaN may become any number. */
// @ts-ignore: decorator
@inline
export function logisticDivisor4(x: v128): v128 {
  const minus = f32x4.neg(f32x4.pmin(f32x4.pmax(x, splat(-87)), splat(87)));
  const sum = madd(minus, splat(1.44269504), splat(ROUNDER));
  const n = f32x4.sub(sum, splat(ROUNDER));
  const p = f32x4.add(expm1Reduced4(lessMultiplesOfLn2(minus, n)), splat(1));
  // The low bits of the sum are n, and 2^n p is a normal number: n is added to the exponent of p.
  return f32x4.add(splat(1), i32x4.add(p, i32x4.shl(sum, 23)));
}

/** x sigmoid(x). */
// @ts-ignore: decorator
@inline
export function silu4(x: v128): v128 {
  return f32x4.div(x, logisticDivisor4(x));
}

/** log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)). */
// @ts-ignore: decorator
@inline
export function softplus4(x: v128): v128 {
  const tail = log1pUnit4(exp4(f32x4.neg(f32x4.abs(x))));
  return f32x4.add(f32x4.max(x, splat(0)), tail);
}

/** Hyperbolic tangent: a polynomial near zero, where 1 - 2 / (exp(2 x) + 1) would cancel, and that elsewhere. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const a = f32x4.abs(x);
  const t = f32x4.mul(x, x);
  let p = madd(t, splat(2.2927447840e-3), splat(-8.3439454792e-3));
  p = madd(t, p, splat(2.1768918636e-2));
  p = madd(t, p, splat(-5.3959259574e-2));
  p = madd(t, p, splat(1.3333303557e-1));
  p = madd(t, p, splat(-3.3333333172e-1));
  const near = madd(f32x4.mul(x, t), p, x);
  const e = exp4(f32x4.add(a, a));
  const far = f32x4.sub(splat(1), f32x4.div(splat(2), f32x4.add(e, splat(1))));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.or(v128.bitselect(near, far, f32x4.lt(a, splat(0.625))), sign);
}

/** exp(x) - 1 for x <= 88: 2^n (exp(r) - 1) + (2^n - 1), which keeps small x exact. */
// @ts-ignore: decorator
@inline
export function expm1Moderate4(x: v128): v128 {
  x = f32x4.pmax(x, splat(-40)); // below, the result is -1 to the last bit
  const sum = madd(x, splat(1.44269504), splat(ROUNDER));
  const p = expm1Reduced4(lessMultiplesOfLn2(x, f32x4.sub(sum, splat(ROUNDER))));
  const scale = pow2(i32x4.sub(sum, i32x4.splat(ROUNDER_BITS)));
  return madd(scale, p, f32x4.sub(scale, splat(1)));
}

/** exp(x) - 1. */
// @ts-ignore: decorator
@inline
export function expm14(x: v128): v128 {
  const large = f32x4.gt(x, splat(80));
  const y = expm1Moderate4(f32x4.pmin(x, splat(80)));
  return v128.any_true(large) ? v128.bitselect(exp4(x), y, large) : y;
}

/** log(1 + x): the rounding of 1 + x is made good by a term of first order. */
// @ts-ignore: decorator
@inline
export function log1p4(x: v128): v128 {
  const u = f32x4.add(splat(1), x);
  const correction = f32x4.div(f32x4.sub(x, f32x4.sub(u, splat(1))), u);
  // Where x is infinite or 1 + x is 0 or less, there is nothing to correct.
  const ordinary = v128.and(f32x4.gt(u, splat(0)), f32x4.lt(u, splat(Infinity)));
  return f32x4.add(log4(u), v128.and(correction, ordinary));
}

/** The error function by formula 7.1.26 of Abramowitz and Stegun, as tfjs has it: right to 1.5e-7. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const a = f32x4.abs(x);
  const t = f32x4.div(splat(1), madd(splat(0.3275911), a, splat(1)));
  let p = madd(t, splat(1.061405429), splat(-1.453152027));
  p = madd(t, p, splat(1.421413741));
  p = madd(t, p, splat(-0.284496736));
  p = madd(t, p, splat(0.254829592));
  const y = f32x4.sub(splat(1), f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(a, a)))));
  return v128.or(y, v128.and(x, i32x4.splat(0x80000000)));
}

/** x for x > 0, alpha (exp(x) - 1) otherwise. */
// @ts-ignore: decorator
@inline
export function elu4(x: v128, alpha: v128): v128 {
  const negative = f32x4.lt(x, splat(0));
  return v128.bitselect(f32x4.mul(alpha, expm1Moderate4(x)), x, negative);
}

/** beta x for x >= 0, alpha (exp(x) - 1) otherwise. */
// @ts-ignore: decorator
@inline
export function selu4(x: v128, alpha: v128, beta: v128): v128 {
  const negative = f32x4.lt(x, splat(0));
  return v128.bitselect(f32x4.mul(alpha, expm1Moderate4(x)), f32x4.mul(beta, x), negative);
}

/** x for x >= 0, alpha x otherwise. */
// @ts-ignore: decorator
@inline
export function leakyRelu4(x: v128, alpha: v128): v128 {
  return v128.bitselect(f32x4.mul(alpha, x), x, f32x4.lt(x, splat(0)));
}
