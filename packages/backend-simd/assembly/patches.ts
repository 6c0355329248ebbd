// Patches of a plane of pixels, gathered so that a convolution becomes a matrix product.

import { Convolution } from './convolution';
import { storeUpTo } from './lanes';
import { madd, splat } from './math';

/**
 * A regular grid of positions on the pixels of each image, and at each position a regular grid of taps. A tap may lie
 * outside of the image, where all is 0.
 */
@unmanaged
export class Patches {
  pixels: usize = 0; // [batch, height, width, channels]
  height: i32 = 0;
  width: i32 = 0;
  channels: i32 = 0;
  rows: i32 = 0; // positions of an image
  columns: i32 = 0;
  stepY: i32 = 0; // pixels from one position to the next
  stepX: i32 = 0;
  originY: i32 = 0; // the first tap at the first position
  originX: i32 = 0;
  tapsY: i32 = 0;
  tapsX: i32 = 0;
  tapStepY: i32 = 0;
  tapStepX: i32 = 0;
}

/** Lays patches over the input of a convolution, one for each pixel of its output. */
export function layPatches(p: Patches, c: Convolution, x: usize): void {
  p.pixels = x;
  p.height = c.height;
  p.width = c.width;
  p.channels = c.channels;
  p.rows = c.outHeight;
  p.columns = c.outWidth;
  p.stepY = c.strideHeight;
  p.stepX = c.strideWidth;
  p.originY = -c.padTop;
  p.originX = -c.padLeft;
  p.tapsY = c.filterHeight;
  p.tapsX = c.filterWidth;
  p.tapStepY = c.dilationHeight;
  p.tapStepX = c.dilationWidth;
}

/** Elements of a patch. */
// @ts-ignore: decorator
@inline
export function patchLength(p: Patches): i32 {
  return p.tapsY * p.tapsX * p.channels;
}

/**
 * Copies the patch at a position, counted through images, rows and columns, to [tapsY, tapsX, channels]. Reads up to 12
 * bytes past the pixels, writes as many past the patch.
 */
export function gatherPatch(p: Patches, position: i32, to: usize): void {
  overPatch(GATHER, p, position, to, 0);
}

/** The sum of a patch's products with as many numbers. */
export function dotPatch(p: Patches, position: i32, factors: usize): f32 {
  return overPatch(DOT, p, position, factors, 0);
}

/** Adds `factor` times the patch to as many sums. */
export function addPatch(p: Patches, position: i32, factor: f32, sums: usize): void {
  overPatch(ADD, p, position, sums, factor);
}

const GATHER: i32 = 0;
const DOT: i32 = 1;
const ADD: i32 = 2;

/** Does one of these to a patch, run by run of the pixels that stand side by side. */
// @ts-ignore: decorator
@inline
function overPatch(what: i32, p: Patches, position: i32, other: usize, factor: f32): f32 {
  const perImage = p.rows * p.columns;
  const image = position / perImage;
  const inImage = position - image * perImage;
  const row = inImage / p.columns;
  const x = (inImage - row * p.columns) * p.stepX + p.originX;
  let y = row * p.stepY + p.originY;
  const pixelBytes = (<usize>p.channels) << 2;
  const lineBytes = <usize>p.width * pixelBytes;
  const plane = p.pixels + <usize>image * <usize>p.height * lineBytes;
  const whole = p.tapStepX == 1 && x >= 0 && x + p.tapsX <= p.width;
  const runs = whole ? 1 : p.tapsX;
  const runBytes = whole ? <usize>p.tapsX * pixelBytes : pixelBytes;
  let sum: f32 = 0;
  for (let i = 0; i < p.tapsY; i++) {
    for (let j = 0; j < runs; j++) {
      const tap = x + j * p.tapStepX;
      const from = plane + <usize>y * lineBytes + <usize>tap * pixelBytes;
      const outside = <u32>y >= <u32>p.height || <u32>tap >= <u32>p.width;
      if (what == DOT) sum += outside ? 0 : dot(from, other, runBytes);
      else if (what == ADD) {
        if (!outside) addMultiple(from, factor, other, runBytes);
      } else if (outside) clear(other, runBytes);
      else copy(from, other, runBytes);
      other += runBytes;
    }
    y += p.tapStepY;
  }
  return sum;
}

// Runs are short: a loop of vectors is quicker than a call of the engine's memory.copy.

// @ts-ignore: decorator
@inline
function copy(from: usize, to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, v128.load(from + i));
}

// @ts-ignore: decorator
@inline
function clear(to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, splat(0));
}

function dot(a: usize, b: usize, bytes: usize): f32 {
  let s0 = splat(0), s1 = s0;
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    s0 = madd(v128.load(a + i), v128.load(b + i), s0);
    s1 = madd(v128.load(a + i, 16), v128.load(b + i, 16), s1);
  }
  const s = f32x4.add(s0, s1);
  let sum = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
  for (; i < bytes; i += 4) sum += load<f32>(a + i) * load<f32>(b + i);
  return sum;
}

function addMultiple(from: usize, factor: f32, sums: usize, bytes: usize): void {
  const x = splat(factor);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(sums + i, madd(v128.load(from + i), x, v128.load(sums + i)));
  if (i < bytes) {
    const rest = madd(v128.load(from + i), x, v128.load(sums + i));
    storeUpTo(sums + i, rest, <i32>((bytes - i) >> 2));
  }
}
