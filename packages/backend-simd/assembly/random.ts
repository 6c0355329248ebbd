// Random numbers as a pure function of key and position: Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel
// random numbers: as easy as 1, 2, 3"), four blocks at once. Block b, of counter (b, 0), yields two words; a tensor of
// n elements takes the first words of ceil(n / 2) blocks for its first half and the second words for the rest.

import { cosEighth4, inQuadrant4, sinEighth4 } from './angles';
import { logNormal4, madd, ROUNDER, splat } from './math';
import { args, parallelFor } from './pool';
import { storeUpTo } from './lanes';

const CHUNK: i32 = 256; // blocks
const PARITY: u32 = 0x1bd11bda;
const GRID: f32 = 5.9604644775390625e-8; // 2^-24

@unmanaged
class Fill {
  y: usize = 0;
  count: i32 = 0;
  key0: u32 = 0;
  key1: u32 = 0;
  offset: f32 = 0; // min, or mean
  scale: f32 = 0; // max - min, or standard deviation
  normal: i32 = 0;
}

/** x rotated left by `distance` bits. */
// @ts-ignore: decorator
@inline
function rotate(x: v128, distance: i32): v128 {
  return v128.or(i32x4.shl(x, distance), i32x4.shr_u(x, 32 - distance));
}

/** Uniform in [offset, offset + scale), or normal with mean `offset` and standard deviation `scale` (Box-Muller). */
export function randomFill(
  y: usize, count: i32, key0: u32, key1: u32, offset: f32, scale: f32, normal: i32,
): void {
  const p = changetype<Fill>(args());
  p.y = y;
  p.count = count;
  p.key0 = key0;
  p.key1 = key1;
  p.offset = offset;
  p.scale = scale;
  p.normal = normal;
  const task: (chunk: i32) => void = fillChunk;
  parallelFor(task.index, (((count + 1) >> 1) + CHUNK - 1) / CHUNK);
}

function fillChunk(chunk: i32): void {
  const p = changetype<Fill>(args());
  const half = (p.count + 1) >> 1;
  const end = min(half, (chunk + 1) * CHUNK);
  const k0 = i32x4.splat(p.key0);
  const k1 = i32x4.splat(p.key1);
  const k2 = i32x4.splat(PARITY ^ p.key0 ^ p.key1);
  for (let b = chunk * CHUNK; b < end; b += 4) {
    let x0 = i32x4.add(i32x4.add(i32x4.splat(b), i32x4(0, 1, 2, 3)), k0);
    let x1 = k1;
    // Five groups of four rounds, a key word and the group's number injected after each.
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 13), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 15), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 26), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 6), x0);
    x0 = i32x4.add(x0, k1); x1 = i32x4.add(x1, i32x4.add(k2, i32x4.splat(1)));
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 17), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 29), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 16), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 24), x0);
    x0 = i32x4.add(x0, k2); x1 = i32x4.add(x1, i32x4.add(k0, i32x4.splat(2)));
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 13), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 15), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 26), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 6), x0);
    x0 = i32x4.add(x0, k0); x1 = i32x4.add(x1, i32x4.add(k1, i32x4.splat(3)));
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 17), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 29), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 16), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 24), x0);
    x0 = i32x4.add(x0, k1); x1 = i32x4.add(x1, i32x4.add(k2, i32x4.splat(4)));
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 13), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 15), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 26), x0);
    x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 6), x0);
    x0 = i32x4.add(x0, k2); x1 = i32x4.add(x1, i32x4.add(k0, i32x4.splat(5)));
    const u0 = unit(x0);
    const u1 = unit(x1);
    const first = min(4, end - b);
    const second = min(4, min(end - b, p.count - half - b));
    if (!p.normal) {
      put(p, b, first, u0);
      put(p, half + b, second, u1);
      continue;
    }
    // Box and Muller 1958: a radius from the one, shifted into (0, 1], and a turn by the other.
    const radius = f32x4.sqrt(f32x4.mul(splat(-2), logNormal4(f32x4.add(u0, splat(GRID)))));
    const quarters = madd(u1, splat(4), splat(ROUNDER));
    const rest = madd(f32x4.sub(quarters, splat(ROUNDER)), splat(-0.25), u1);
    const square = f32x4.mul(rest, rest);
    const sine = sinEighth4(rest, square);
    const cosine = cosEighth4(square);
    put(p, b, first, f32x4.mul(radius, inQuadrant4(sine, cosine, i32x4.add(quarters, i32x4.splat(1)))));
    put(p, half + b, second, f32x4.mul(radius, inQuadrant4(sine, cosine, quarters)));
  }
}

/** Words to multiples of 2^-24 in [0, 1). */
// @ts-ignore: decorator
@inline
function unit(words: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), splat(GRID));
}

// @ts-ignore: decorator
@inline
function put(p: Fill, i: i32, count: i32, z: v128): void {
  // Two roundings in every build, so that whoever computes the same in float32 gets the same bits.
  const value = f32x4.add(f32x4.mul(z, splat(p.scale)), splat(p.offset));
  const to = p.y + ((<usize>i) << 2);
  storeUpTo(to, value, count);
}
