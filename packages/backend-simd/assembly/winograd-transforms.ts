// The transforms of Winograd's minimal filtering for tiles of 6 x 6 (Lavin and Gray 2016, "Fast algorithms for convolutional
// neural networks"), for the interpolation points 0, +-a, +-b and infinity with a = sqrt(1/2) and b = sqrt(2), where the
// factors stay near 1 and the rounding errors small. Each pass transforms one dimension of many channels, eight at a time.
// Its results, and those it reads where they stand in a row, are `stride` bytes apart; from one group of eight channels
// to the next, the result moves on by `advance` bytes.

import { madd, splat } from './math';

const A: f32 = 0.7071067811865476;
const A2: f32 = 0.5;
const A3: f32 = 0.3535533905932738;
const B: f32 = 1.4142135623730951;
const B2: f32 = 2;
const B3: f32 = 2.8284271247461903;
const A2_PLUS_B2: f32 = 2.5; // and a b = 1
const NORM_A: f32 = -0.6666666666666666; // 1 / (2 a^2 (a^2 - b^2))
const NORM_B: f32 = 0.16666666666666666; // 1 / (2 b^2 (b^2 - a^2))

/** Pixels, six to six: the transposed B of the paper. */
export function inputPass(
  x0: usize, x1: usize, x2: usize, x3: usize, x4: usize, x5: usize,
  to: usize, stride: usize, advance: usize, groups: i32,
): void {
  for (; groups > 0; groups--) {
    inputVectors(x0, x1, x2, x3, x4, x5, to, stride);
    inputVectors(x0 + 16, x1 + 16, x2 + 16, x3 + 16, x4 + 16, x5 + 16, to + 16, stride);
    x0 += 32; x1 += 32; x2 += 32; x3 += 32; x4 += 32; x5 += 32;
    to += advance;
  }
}

// @ts-ignore: decorator
@inline
function inputVectors(
  p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, to: usize, stride: usize,
): void {
  const x2 = v128.load(p2), x4 = v128.load(p4);
  v128.store(to, madd(x2, splat(-A2_PLUS_B2), f32x4.add(v128.load(p0), x4)));
  const x1 = v128.load(p1), x3 = v128.load(p3);
  let even = madd(x2, splat(-B2), x4);
  let odd = f32x4.mul(madd(x1, splat(-B2), x3), splat(A));
  to += stride;
  v128.store(to, f32x4.add(even, odd));
  to += stride;
  v128.store(to, f32x4.sub(even, odd));
  even = madd(x2, splat(-A2), x4);
  odd = f32x4.mul(madd(x1, splat(-A2), x3), splat(B));
  to += stride;
  v128.store(to, f32x4.add(even, odd));
  to += stride;
  v128.store(to, f32x4.sub(even, odd));
  to += stride;
  v128.store(to, madd(x3, splat(-A2_PLUS_B2), f32x4.add(x1, v128.load(p5))));
}

/** A filter's taps, three to six: G. */
export function filterPass(
  g0: usize, g1: usize, g2: usize, to: usize, stride: usize, advance: usize, groups: i32,
): void {
  for (; groups > 0; groups--) {
    filterVectors(g0, g1, g2, to, stride);
    filterVectors(g0 + 16, g1 + 16, g2 + 16, to + 16, stride);
    g0 += 32; g1 += 32; g2 += 32;
    to += advance;
  }
}

// @ts-ignore: decorator
@inline
function filterVectors(p0: usize, p1: usize, p2: usize, to: usize, stride: usize): void {
  const g0 = v128.load(p0), g1 = v128.load(p1), g2 = v128.load(p2);
  v128.store(to, g0);
  let even = f32x4.mul(madd(g2, splat(A2), g0), splat(NORM_A));
  let odd = f32x4.mul(g1, splat(A * NORM_A));
  to += stride;
  v128.store(to, f32x4.add(even, odd));
  to += stride;
  v128.store(to, f32x4.sub(even, odd));
  even = f32x4.mul(madd(g2, splat(B2), g0), splat(NORM_B));
  odd = f32x4.mul(g1, splat(B * NORM_B));
  to += stride;
  v128.store(to, f32x4.add(even, odd));
  to += stride;
  v128.store(to, f32x4.sub(even, odd));
  to += stride;
  v128.store(to, g2);
}

/** A block of derivatives that acts as the filter, four to six: G for a filter of four. */
export function gradientPass(
  d0: usize, d1: usize, d2: usize, d3: usize, to: usize, stride: usize, advance: usize, groups: i32,
): void {
  for (; groups > 0; groups--) {
    gradientVectors(d0, d1, d2, d3, to, stride);
    gradientVectors(d0 + 16, d1 + 16, d2 + 16, d3 + 16, to + 16, stride);
    d0 += 32; d1 += 32; d2 += 32; d3 += 32;
    to += advance;
  }
}

// @ts-ignore: decorator
@inline
function gradientVectors(p0: usize, p1: usize, p2: usize, p3: usize, to: usize, stride: usize): void {
  const d0 = v128.load(p0), d1 = v128.load(p1), d2 = v128.load(p2), d3 = v128.load(p3);
  v128.store(to, d0);
  let even = f32x4.mul(madd(d2, splat(A2), d0), splat(NORM_A));
  let odd = f32x4.mul(madd(d3, splat(A2), d1), splat(A * NORM_A));
  to += stride;
  v128.store(to, f32x4.add(even, odd));
  to += stride;
  v128.store(to, f32x4.sub(even, odd));
  even = f32x4.mul(madd(d2, splat(B2), d0), splat(NORM_B));
  odd = f32x4.mul(madd(d3, splat(B2), d1), splat(B * NORM_B));
  to += stride;
  v128.store(to, f32x4.add(even, odd));
  to += stride;
  v128.store(to, f32x4.sub(even, odd));
  to += stride;
  v128.store(to, d3);
}

/** Sums, six that stand `distance` apart to four pixels: the transposed A. `bias` is added to each. */
export function outputPass(
  from: usize, distance: usize, to: usize, stride: usize, bias: usize, channels: i32,
): void {
  for (; channels > 0; channels -= 4) {
    let p = from + distance;
    const m1 = v128.load(p);
    p += distance;
    const m2 = v128.load(p);
    p += distance;
    const m3 = v128.load(p);
    p += distance;
    const m4 = v128.load(p);
    p += distance;
    const start = v128.load(bias);
    const even1 = f32x4.add(m1, m2), odd1 = f32x4.sub(m1, m2);
    const even2 = f32x4.add(m3, m4), odd2 = f32x4.sub(m3, m4);
    let at = to;
    v128.store(at, f32x4.add(f32x4.add(v128.load(from), start), f32x4.add(even1, even2)));
    at += stride;
    v128.store(at, madd(odd1, splat(A), madd(odd2, splat(B), start)));
    at += stride;
    v128.store(at, madd(even1, splat(A2), madd(even2, splat(B2), start)));
    at += stride;
    v128.store(at, madd(odd1, splat(A3), madd(odd2, splat(B3), f32x4.add(v128.load(p), start))));
    from += 16;
    to += 16;
    bias += 16;
  }
}

/** Sums, six that stand `distance` apart to three taps of a filter's derivative: A for an output of three. */
export function filterGradPass(from: usize, distance: usize, to: usize, stride: usize, channels: i32): void {
  for (; channels > 0; channels -= 4) {
    let p = from + distance;
    const m1 = v128.load(p);
    p += distance;
    const m2 = v128.load(p);
    p += distance;
    const m3 = v128.load(p);
    p += distance;
    const m4 = v128.load(p);
    p += distance;
    const even1 = f32x4.add(m1, m2), even2 = f32x4.add(m3, m4);
    let at = to;
    v128.store(at, f32x4.add(v128.load(from), f32x4.add(even1, even2)));
    at += stride;
    v128.store(at, madd(f32x4.sub(m1, m2), splat(A), f32x4.mul(f32x4.sub(m3, m4), splat(B))));
    at += stride;
    v128.store(at, madd(even1, splat(A2), madd(even2, splat(B2), v128.load(p))));
    from += 16;
    to += 16;
  }
}
