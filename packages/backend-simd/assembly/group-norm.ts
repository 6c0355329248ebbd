// Group normalisation (Wu and He 2018) over pixels in rows of channels, image by image: three passes over an image, which
// stays in the cache meanwhile. Sums run in float32 over a few pixels and in float64 over those sums, and variances are
// those of the differences from the mean, so a mean far from zero costs no accuracy.

import { storeUpTo } from './lanes';
import { madd, silu4, splat } from './math';
import { args, currentThread, parallelFor, threadCount } from './pool';

const CHUNK: i32 = 16384; // elements of a chunk, if images are as small
const BLOCK: i32 = 32; // pixels summed in float32

@unmanaged
class GroupNorm {
  x: usize = 0;
  gamma: usize = 0;
  beta: usize = 0;
  shift: usize = 0; // 0 if there is none
  y: usize = 0;
  mean: usize = 0;
  rstd: usize = 0;
  batch: i32 = 0;
  pixels: i32 = 0;
  channels: i32 = 0;
  groups: i32 = 0;
  epsilon: f64 = 0;
  silu: i32 = 0;
  images: i32 = 0; // of a chunk
  scratch: usize = 0;
  threadBytes: usize = 0; // of scratch
}

/**
 * y = act(gamma (x + shift - mean) rstd + beta) for x and y [batch, pixels, channels], shift [batch, channels], mean and
 * rstd = 1 / sqrt(variance + epsilon) [batch, groups], which are outputs too. `act` is SiLU if `silu` is set.
 */
export function groupNorm(
  x: usize, gamma: usize, beta: usize, shift: usize, y: usize, mean: usize, rstd: usize,
  batch: i32, pixels: i32, channels: i32, groups: i32, epsilon: f64, silu: i32,
): void {
  const p = changetype<GroupNorm>(args());
  p.x = x;
  p.gamma = gamma;
  p.beta = beta;
  p.shift = shift;
  p.y = y;
  p.mean = mean;
  p.rstd = rstd;
  p.batch = batch;
  p.pixels = pixels;
  p.channels = channels;
  p.groups = groups;
  p.epsilon = epsilon;
  p.silu = silu;
  p.images = imagesOfChunk(pixels, channels);
  p.threadBytes = (<usize>padded(channels)) << 4; // 8 of a sum, 4 each of offset and scale
  p.scratch = heap.alloc(p.threadBytes * threadCount());
  const task: (chunk: i32) => void = normChunk;
  parallelFor(task.index, (batch + p.images - 1) / p.images);
  heap.free(p.scratch);
}

/** Images that are worth a claim. */
export function imagesOfChunk(pixels: i32, channels: i32): i32 {
  return max(1, CHUNK / max(1, pixels * channels));
}

/** Channels in whole vectors. */
// @ts-ignore: decorator
@inline
export function padded(channels: i32): i32 {
  return (channels + 3) & ~3;
}

function normChunk(chunk: i32): void {
  const p = changetype<GroupNorm>(args());
  const end = min(p.batch, (chunk + 1) * p.images);
  for (let image = chunk * p.images; image < end; image++) normImage(p, image);
}

function normImage(p: GroupNorm, image: i32): void {
  const first = (<usize>image * p.pixels * p.channels) << 2;
  const sums = p.scratch + p.threadBytes * currentThread();
  const offset = sums + ((<usize>padded(p.channels)) << 3);
  const scale = offset + ((<usize>padded(p.channels)) << 2);
  const statistics = (<usize>image * p.groups) << 2;
  const shift = p.shift ? p.shift + ((<usize>image * p.channels) << 2) : 0;

  sumChannels(false, p.x + first, offset, sums, p.pixels, p.channels);
  meansOfGroups(p, sums, shift, p.mean + statistics, offset);
  sumChannels(true, p.x + first, offset, sums, p.pixels, p.channels);
  scalesOfGroups(p, sums, p.rstd + statistics, scale);
  if (p.silu) normaliseRows(true, p.x + first, p.y + first, p.pixels, p.channels, offset, scale, p.beta);
  else normaliseRows(false, p.x + first, p.y + first, p.pixels, p.channels, offset, scale, p.beta);
}

/** sums[c] = the sum over pixels of x, or of (x + offset[c])^2 if `squares` is set. */
// @ts-ignore: decorator
@inline
function sumChannels(squares: bool, x: usize, offset: usize, sums: usize, pixels: i32, channels: i32): void {
  const stride = (<usize>channels) << 2;
  memory.fill(sums, 0, (<usize>padded(channels)) << 3);
  for (let pixel = 0; pixel < pixels; pixel += BLOCK) {
    const count = min(BLOCK, pixels - pixel);
    for (let c = 0; c < channels; c += 4) {
      const at = (<usize>c) << 2;
      const plus = squares ? v128.load(offset + at) : splat(0);
      let from = x + at;
      let even = splat(0), odd = splat(0);
      for (let i = count; i > 1; i -= 2) {
        even = accumulate(squares, v128.load(from), plus, even);
        odd = accumulate(squares, v128.load(from + stride), plus, odd);
        from += 2 * stride;
      }
      if (count & 1) even = accumulate(squares, v128.load(from), plus, even);
      addToSums(sums + (at << 1), f32x4.add(even, odd));
    }
    x += stride * BLOCK;
  }
}

// @ts-ignore: decorator
@inline
function accumulate(squares: bool, x: v128, plus: v128, sum: v128): v128 {
  if (!squares) return f32x4.add(x, sum);
  const difference = f32x4.add(x, plus);
  return madd(difference, difference, sum);
}

/** Adds four floats to the four doubles at `at`. */
// @ts-ignore: decorator
@inline
export function addToSums(at: usize, x: v128): void {
  v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(x)));
  const high = v128.shuffle<f32>(x, x, 2, 3, 2, 3);
  v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(high)), 16);
}

/** The mean of each group, and what is to be added to each channel: shift - mean. */
function meansOfGroups(p: GroupNorm, sums: usize, shift: usize, mean: usize, offset: usize): void {
  const width = p.channels / p.groups;
  for (let first = 0; first < p.channels; first += width) {
    let sum: f64 = 0, shifts: f64 = 0;
    for (let c = first; c < first + width; c++) {
      sum += load<f64>(sums + ((<usize>c) << 3));
      if (shift) shifts += <f64>load<f32>(shift + ((<usize>c) << 2));
    }
    const value = (sum / max(1, p.pixels) + shifts) / width;
    store<f32>(mean, <f32>value);
    mean += 4;
    for (let c = first; c < first + width; c++) {
      const at = (<usize>c) << 2;
      store<f32>(offset + at, <f32>((shift ? <f64>load<f32>(shift + at) : 0) - value));
    }
  }
}

/** 1 / standard deviation of each group from its sums of squares, and each channel's gamma times that. */
function scalesOfGroups(p: GroupNorm, sums: usize, rstd: usize, scale: usize): void {
  const width = p.channels / p.groups;
  for (let first = 0; first < p.channels; first += width) {
    let sum: f64 = 0;
    for (let c = first; c < first + width; c++) sum += load<f64>(sums + ((<usize>c) << 3));
    const value = 1 / Math.sqrt(sum / max(1, p.pixels) / width + p.epsilon);
    store<f32>(rstd, <f32>value);
    rstd += 4;
    for (let c = first; c < first + width; c++) {
      const at = (<usize>c) << 2;
      store<f32>(scale + at, <f32>(value * load<f32>(p.gamma + at)));
    }
  }
}

/** y = act((x + offset) scale + beta) for x and y [rows, channels] and a number a channel. */
// @ts-ignore: decorator
@inline
export function normaliseRows(
  silu: bool, x: usize, y: usize, rows: i32, channels: i32, offset: usize, scale: usize, beta: usize,
): void {
  const whole = (<usize>(channels & ~3)) << 2;
  const rest = channels & 3;
  for (let row = 0; row < rows; row++) {
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(y + at, activated(silu, v128.load(x + at), offset + at, scale + at, beta + at));
    }
    x += whole;
    y += whole;
    if (rest) {
      storeUpTo(y, activated(silu, v128.load(x), offset + whole, scale + whole, beta + whole), rest);
      x += (<usize>rest) << 2;
      y += (<usize>rest) << 2;
    }
  }
}

// @ts-ignore: decorator
@inline
function activated(silu: bool, x: v128, offset: usize, scale: usize, beta: usize): v128 {
  const z = madd(f32x4.add(x, v128.load(offset)), v128.load(scale), v128.load(beta));
  return silu ? silu4(z) : z;
}
