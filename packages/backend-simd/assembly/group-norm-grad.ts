// The derivatives of group normalisation, image by image: two passes over an image, which stays in the cache meanwhile.
// With xhat = (x + shift - mean) rstd, z = gamma xhat + beta, dz = dy act'(z) and means over a group of n elements,
//   dx = rstd (gamma dz - mean(gamma dz) - xhat mean(gamma dz xhat)),
// dgamma and dbeta are the sums of dz xhat and dz, and dshift sums dx over the pixels.

import { addToSums, imagesOfChunk, padded } from './group-norm';
import { storeUpTo } from './lanes';
import { logisticDivisor4, madd, splat } from './math';
import { args, currentThread, parallelFor, threadCount } from './pool';

const BLOCK: i32 = 32; // pixels summed in float32

@unmanaged
class GroupNormGrad {
  dy: usize = 0;
  x: usize = 0;
  gamma: usize = 0;
  beta: usize = 0;
  shift: usize = 0; // 0 if there is none
  mean: usize = 0;
  rstd: usize = 0;
  dx: usize = 0;
  dshift: usize = 0;
  batch: i32 = 0;
  pixels: i32 = 0;
  channels: i32 = 0;
  groups: i32 = 0;
  silu: i32 = 0;
  images: i32 = 0; // of a chunk
  sums: usize = 0; // f64 [batch, 3, padded channels]: the sums over an image of dz, dz xhat and xhat
  tables: usize = 0; // f32 [threads, 4, padded channels]
}

/** Tensors as in groupNorm; dgamma and dbeta [channels]. `dshift` is written if there is a shift. */
export function groupNormGrad(
  dy: usize, x: usize, gamma: usize, beta: usize, shift: usize, mean: usize, rstd: usize,
  dx: usize, dgamma: usize, dbeta: usize, dshift: usize,
  batch: i32, pixels: i32, channels: i32, groups: i32, silu: i32,
): void {
  const p = changetype<GroupNormGrad>(args());
  p.dy = dy;
  p.x = x;
  p.gamma = gamma;
  p.beta = beta;
  p.shift = shift;
  p.mean = mean;
  p.rstd = rstd;
  p.dx = dx;
  p.dshift = dshift;
  p.batch = batch;
  p.pixels = pixels;
  p.channels = channels;
  p.groups = groups;
  p.silu = silu;
  p.images = imagesOfChunk(pixels, channels);
  const bytes = (<usize>padded(channels)) << 3;
  p.sums = heap.alloc(<usize>batch * 3 * bytes);
  p.tables = heap.alloc(<usize>threadCount() * 2 * bytes);
  const task: (chunk: i32) => void = gradChunk;
  parallelFor(task.index, (batch + p.images - 1) / p.images);
  overImages(p.sums + bytes, dgamma, batch, channels);
  overImages(p.sums, dbeta, batch, channels);
  heap.free(p.sums);
  heap.free(p.tables);
}

/** to[c] = the sum over images of from[image, 0, c], in order. */
function overImages(from: usize, to: usize, batch: i32, channels: i32): void {
  const stride = (<usize>3 * padded(channels)) << 3;
  for (let c = 0; c < channels; c++) {
    let sum: f64 = 0;
    let at = from + ((<usize>c) << 3);
    for (let image = 0; image < batch; image++) {
      sum += load<f64>(at);
      at += stride;
    }
    store<f32>(to + ((<usize>c) << 2), <f32>sum);
  }
}

function gradChunk(chunk: i32): void {
  const p = changetype<GroupNormGrad>(args());
  const end = min(p.batch, (chunk + 1) * p.images);
  for (let image = chunk * p.images; image < end; image++) gradImage(p, image);
}

function gradImage(p: GroupNormGrad, image: i32): void {
  const first = (<usize>image * p.pixels * p.channels) << 2;
  const vector = (<usize>padded(p.channels)) << 2; // bytes of a table
  const sums = p.sums + <usize>image * 6 * vector;
  const tables = p.tables + <usize>currentThread() * 4 * vector;

  centre(p, image, tables, tables + vector);
  if (p.silu) sumDerivatives(true, p, first, tables, vector, sums);
  else sumDerivatives(false, p, first, tables, vector, sums);
  combine(p, image, sums, tables + vector, vector);
  // What the first pass left in dx is dz; without an activation dz is dy.
  applyTables(p, p.silu ? p.dx + first : p.dy + first, p.x + first, p.dx + first, tables, vector);
}

/** Each channel's shift - mean, and its group's rstd. */
function centre(p: GroupNormGrad, image: i32, offset: usize, scale: usize): void {
  const width = p.channels / p.groups;
  let statistics = (<usize>image * p.groups) << 2;
  for (let first = 0; first < p.channels; first += width) {
    const mean = <f64>load<f32>(p.mean + statistics);
    const rstd = load<f32>(p.rstd + statistics);
    for (let c = first; c < first + width; c++) {
      const at = (<usize>c) << 2;
      const shift = p.shift ? <f64>load<f32>(p.shift + ((<usize>image * p.channels) << 2) + at) : 0;
      store<f32>(offset + at, <f32>(shift - mean));
      store<f32>(scale + at, rstd);
    }
    statistics += 4;
  }
}

/** The sums of dz, dz xhat and xhat over the pixels, channel by channel; with an activation, dz itself into dx. */
// @ts-ignore: decorator
@inline
function sumDerivatives(silu: bool, p: GroupNormGrad, first: usize, tables: usize, vector: usize, sums: usize): void {
  const channels = p.channels;
  const stride = (<usize>channels) << 2;
  memory.fill(sums, 0, 6 * vector);
  for (let pixel = 0; pixel < p.pixels; pixel += BLOCK) {
    for (let c = 0; c < channels; c += 4) {
      const at = (<usize>c) << 2;
      const offset = v128.load(tables + at), rstd = v128.load(tables + vector + at);
      const gamma = v128.load(p.gamma + at), beta = v128.load(p.beta + at);
      let from = first + at;
      let sum = splat(0), product = splat(0), plain = splat(0);
      for (let i = min(BLOCK, p.pixels - pixel); i > 0; i--) {
        const xhat = f32x4.mul(f32x4.add(v128.load(p.x + from), offset), rstd);
        let dz = v128.load(p.dy + from);
        if (silu) {
          dz = f32x4.mul(dz, siluSlope4(madd(gamma, xhat, beta)));
          storeUpTo(p.dx + from, dz, channels - c);
        }
        sum = f32x4.add(sum, dz);
        product = madd(dz, xhat, product);
        plain = f32x4.add(plain, xhat);
        from += stride;
      }
      addToSums(sums + (at << 1), sum);
      addToSums(sums + 2 * vector + (at << 1), product);
      addToSums(sums + 4 * vector + (at << 1), plain);
    }
    first += stride * BLOCK;
  }
}

/** SiLU'(z) = s (1 + z (1 - s)) with s = sigmoid(z). */
// @ts-ignore: decorator
@inline
function siluSlope4(z: v128): v128 {
  const s = f32x4.div(splat(1), logisticDivisor4(z));
  return f32x4.mul(s, madd(z, f32x4.sub(splat(1), s), splat(1)));
}

/** The three factors of dx = a dz + b (x + offset) + c of each channel, and dshift. */
function combine(p: GroupNormGrad, image: i32, sums: usize, factors: usize, vector: usize): void {
  const width = p.channels / p.groups;
  const count = <f64>max(1, p.pixels * width);
  let group = (<usize>image * p.groups) << 2;
  for (let first = 0; first < p.channels; first += width) {
    const rstd = <f64>load<f32>(p.rstd + group);
    let mean: f64 = 0, meanProduct: f64 = 0;
    for (let c = first; c < first + width; c++) {
      const gamma = <f64>load<f32>(p.gamma + ((<usize>c) << 2));
      mean += gamma * load<f64>(sums + ((<usize>c) << 3));
      meanProduct += gamma * load<f64>(sums + 2 * vector + ((<usize>c) << 3));
    }
    mean /= count;
    meanProduct /= count;
    for (let c = first; c < first + width; c++) {
      const at = (<usize>c) << 2;
      const scale = rstd * load<f32>(p.gamma + at);
      store<f32>(factors + at, <f32>scale);
      store<f32>(factors + vector + at, <f32>(-rstd * rstd * meanProduct));
      store<f32>(factors + 2 * vector + at, <f32>(-rstd * mean));
      if (!p.shift) continue;
      const sum = load<f64>(sums + (at << 1)), plain = load<f64>(sums + 4 * vector + (at << 1));
      const total = scale * sum - rstd * (p.pixels * mean + meanProduct * plain);
      store<f32>(p.dshift + ((<usize>image * p.channels) << 2) + at, <f32>total);
    }
    group += 4;
  }
}

function applyTables(p: GroupNormGrad, dz: usize, x: usize, dx: usize, tables: usize, vector: usize): void {
  const whole = (<usize>(p.channels & ~3)) << 2;
  const rest = p.channels & 3;
  for (let pixel = 0; pixel < p.pixels; pixel++) {
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(dx + at, derivative(v128.load(dz + at), v128.load(x + at), tables + at, vector));
    }
    dz += whole;
    x += whole;
    dx += whole;
    if (rest) {
      storeUpTo(dx, derivative(v128.load(dz), v128.load(x), tables + whole, vector), rest);
      dz += (<usize>rest) << 2;
      x += (<usize>rest) << 2;
      dx += (<usize>rest) << 2;
    }
  }
}

// @ts-ignore: decorator
@inline
function derivative(dz: v128, x: v128, tables: usize, vector: usize): v128 {
  const centred = f32x4.add(x, v128.load(tables));
  const rest = madd(v128.load(tables + 2 * vector), centred, v128.load(tables + 3 * vector));
  return madd(v128.load(tables + vector), dz, rest);
}
