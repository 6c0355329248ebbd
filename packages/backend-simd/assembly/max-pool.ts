// Max-pooling and its gradient. As in tfjs's cpu kernels NaN is never the largest, and of equals the first is.

import { storeUpTo } from './lanes';
import { splat } from './math';
import { args } from './pool';
import { poolImages, Pooling, poolRows } from './pooling';
import { imageBytes, isDisjoint, isTiling, pixelBytes, rowBytes, Window } from './window';

/** y = the largest number of each window of x. */
export function maxPool(x: usize, y: usize, window: usize): void {
  const task: (chunk: i32) => void = maxPoolChunk;
  poolRows(task.index, x, y, window);
}

function maxPoolChunk(chunk: i32): void {
  const p = changetype<Pooling>(args());
  const w = changetype<Window>(p.window);
  const end = min(w.batch * w.outHeight, (chunk + 1) * p.chunk);
  for (let row = chunk * p.chunk; row < end; row++) {
    const image = p.x + <usize>(row / w.outHeight) * imageBytes(w);
    maxPoolRow(w, image, p.y + <usize>row * w.outWidth * pixelBytes(w), row % w.outHeight);
  }
}

function maxPoolRow(w: Window, image: usize, y: usize, outRow: i32): void {
  const corner = outRow * w.strideHeight - w.padTop;
  const top = max(0, corner);
  const rows = min(w.height, corner + w.filterHeight) - top;
  const pixel = pixelBytes(w);
  const pitch = rowBytes(w);
  for (let i = 0; i < w.outWidth; i++) {
    const edge = i * w.strideWidth - w.padLeft;
    const left = max(0, edge);
    const columns = min(w.width, edge + w.filterWidth) - left;
    const x = image + <usize>top * pitch + <usize>left * pixel;
    if (rows == 2 && columns == 2) largestOfFour(x, y, w.channels, pixel, pitch);
    else largest(x, y, w.channels, rows, columns, pixel, pitch);
    y += pixel;
  }
}

function largestOfFour(x: usize, y: usize, channels: i32, pixel: usize, pitch: usize): void {
  const below = x + pitch;
  const nothing = splat(-Infinity);
  for (let c = 0; c < channels; c += 4) {
    const at = (<usize>c) << 2;
    let m = f32x4.pmax(nothing, v128.load(x + at));
    m = f32x4.pmax(m, v128.load(x + pixel + at));
    m = f32x4.pmax(m, v128.load(below + at));
    m = f32x4.pmax(m, v128.load(below + pixel + at));
    storeUpTo(y + at, m, channels - c);
  }
}

function largest(x: usize, y: usize, channels: i32, rows: i32, columns: i32, pixel: usize, pitch: usize): void {
  for (let c = 0; c < channels; c += 4) {
    let m = splat(-Infinity);
    let row = x;
    for (let i = 0; i < rows; i++) {
      let at = row;
      for (let j = 0; j < columns; j++) {
        m = f32x4.pmax(m, v128.load(at));
        at += pixel;
      }
      row += pitch;
    }
    storeUpTo(y, m, channels - c);
    x += 16;
    y += 16;
  }
}

/** dx = dy at the largest number of each window of x, summed over the windows; 0 elsewhere. */
export function maxPoolGrad(x: usize, dy: usize, dx: usize, window: usize): void {
  const task: (chunk: i32) => void = maxPoolGradChunk;
  poolImages(task.index, x, dy, dx, window);
}

function maxPoolGradChunk(chunk: i32): void {
  const p = changetype<Pooling>(args());
  const w = changetype<Window>(p.window);
  const end = min(w.batch, (chunk + 1) * p.chunk);
  const outBytes = <usize>w.outHeight * w.outWidth * pixelBytes(w);
  for (let image = chunk * p.chunk; image < end; image++) {
    const offset = <usize>image * imageBytes(w);
    maxPoolGradImage(w, p.x + offset, p.y + <usize>image * outBytes, p.dx + offset);
  }
}

function maxPoolGradImage(w: Window, x: usize, dy: usize, dx: usize): void {
  const disjoint = isDisjoint(w);
  const pixel = pixelBytes(w);
  const pitch = rowBytes(w);
  if (!isTiling(w)) memory.fill(dx, 0, imageBytes(w));
  for (let outRow = 0; outRow < w.outHeight; outRow++) {
    const corner = outRow * w.strideHeight - w.padTop;
    const top = max(0, corner);
    const rows = min(w.height, corner + w.filterHeight) - top;
    for (let i = 0; i < w.outWidth; i++) {
      const edge = i * w.strideWidth - w.padLeft;
      const left = max(0, edge);
      const columns = min(w.width, edge + w.filterWidth) - left;
      const offset = <usize>top * pitch + <usize>left * pixel;
      if (disjoint && rows == 2 && columns == 2) giveToOneOfFour(x + offset, dy, dx + offset, w.channels, pixel, pitch);
      else giveToLargest(x + offset, dy, dx + offset, w.channels, rows, columns, pixel, pitch, disjoint);
      dy += pixel;
    }
  }
}

/** All four get a value, dy or 0. */
function giveToOneOfFour(x: usize, dy: usize, dx: usize, channels: i32, pixel: usize, pitch: usize): void {
  const nothing = splat(-Infinity);
  for (let c = 0; c < channels; c += 4) {
    const rest = channels - c;
    const g = v128.load(dy);
    const x0 = v128.load(x), x1 = v128.load(x + pixel), x2 = v128.load(x + pitch), x3 = v128.load(x + pitch + pixel);
    let m = f32x4.pmax(nothing, x0);
    const larger1 = f32x4.gt(x1, m);
    m = f32x4.pmax(m, x1);
    const larger2 = f32x4.gt(x2, m);
    const larger3 = f32x4.gt(x3, f32x4.pmax(m, x2));
    const later = v128.or(larger2, larger3);
    storeUpTo(dx, v128.and(g, v128.andnot(f32x4.gt(x0, nothing), v128.or(larger1, later))), rest);
    storeUpTo(dx + pixel, v128.and(g, v128.andnot(larger1, later)), rest);
    storeUpTo(dx + pitch, v128.and(g, v128.andnot(larger2, larger3)), rest);
    storeUpTo(dx + pitch + pixel, v128.and(g, larger3), rest);
    x += 16;
    dy += 16;
    dx += 16;
  }
}

/** dx += dy at the first of the largest numbers; dx = that where no other window reaches. */
function giveToLargest(
  x: usize, dy: usize, dx: usize, channels: i32, rows: i32, columns: i32, pixel: usize, pitch: usize, disjoint: bool,
): void {
  for (let c = 0; c < channels; c += 4) {
    const where = firstLargest(x, rows, columns, pixel, pitch);
    const g = v128.load(dy);
    let row = dx;
    let k = 0;
    for (let i = 0; i < rows; i++) {
      let at = row;
      for (let j = 0; j < columns; j++) {
        const share = v128.and(g, i32x4.eq(where, i32x4.splat(k++)));
        storeUpTo(at, disjoint ? share : f32x4.add(v128.load(at), share), channels - c);
        at += pixel;
      }
      row += pitch;
    }
    x += 16;
    dy += 16;
    dx += 16;
  }
}

/** The number of the first largest, counted row by row; -1 where all are NaN or -infinity. */
// @ts-ignore: decorator
@inline
function firstLargest(x: usize, rows: i32, columns: i32, pixel: usize, pitch: usize): v128 {
  let m = splat(-Infinity);
  let where = i32x4.splat(-1);
  let k = 0;
  for (let i = 0; i < rows; i++) {
    let at = x;
    for (let j = 0; j < columns; j++) {
      const v = v128.load(at);
      where = v128.bitselect(i32x4.splat(k++), where, f32x4.gt(v, m));
      m = f32x4.pmax(m, v);
      at += pixel;
    }
    x += pitch;
  }
  return where;
}
