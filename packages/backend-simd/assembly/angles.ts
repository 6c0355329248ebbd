// Sines and cosines of four angles at once, from what is left of a turn over its nearest quarter. The polynomials come from
// tools/fit-polynomials.py, as those of math.ts do.

import { madd, splat } from './math';

/** sin(2 pi r) for the rest r of a turn over a quarter of it, |r| <= 1/8, t = r^2. */
// @ts-ignore: decorator
@inline
export function sinEighth4(r: v128, t: v128): v128 {
  let s = madd(t, splat(-7.5401612699e1), splat(8.1592542871e1));
  s = madd(t, s, splat(-4.1341662571e1));
  s = madd(t, s, splat(6.2831852878));
  return f32x4.mul(r, s);
}

/** cos(2 pi r), likewise. */
// @ts-ignore: decorator
@inline
export function cosEighth4(t: v128): v128 {
  let c = madd(t, splat(5.9220168980e1), splat(-8.5442844674e1));
  c = madd(t, c, splat(6.4939316136e1));
  c = madd(t, c, splat(-1.9739208650e1));
  return madd(t, c, splat(1));
}

/** What to exchange and negate of the sine and cosine of a rest after `quarters` quarter turns. */
// @ts-ignore: decorator
@inline
export function inQuadrant4(s: v128, c: v128, quarters: v128): v128 {
  const odd = i32x4.ne(v128.and(quarters, i32x4.splat(1)), i32x4.splat(0));
  const negative = i32x4.shl(v128.and(quarters, i32x4.splat(2)), 30);
  return v128.xor(v128.bitselect(c, s, odd), negative);
}
