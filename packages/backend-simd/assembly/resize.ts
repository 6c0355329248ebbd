// Pictures [batch, height, width, channels] made larger or smaller, and the gradients. Which pixels go where comes from
// the caller, in tables for the rows and columns: see src/resampling.ts.

import { storeUpTo } from './lanes';
import { madd, splat } from './math';
import { args, parallelFor } from './pool';
import { sumPixels } from './sum-pixels';

const CHUNK: i32 = 16384; // numbers of a chunk

@unmanaged
class Resize {
  from: usize = 0;
  to: usize = 0;
  rows: usize = 0; // table of the rows
  columns: usize = 0; // table of the columns
  batch: i32 = 0;
  height: i32 = 0; // of `from`
  width: i32 = 0;
  outHeight: i32 = 0; // of `to`
  outWidth: i32 = 0;
  channels: i32 = 0;
  chunk: i32 = 0; // rows of `to`, or pictures, of a chunk
}

function prepare(
  from: usize, to: usize, rows: usize, columns: usize, batch: i32, height: i32, width: i32, outHeight: i32,
  outWidth: i32, channels: i32,
): Resize {
  const p = changetype<Resize>(args());
  p.from = from;
  p.to = to;
  p.rows = rows;
  p.columns = columns;
  p.batch = batch;
  p.height = height;
  p.width = width;
  p.outHeight = outHeight;
  p.outWidth = outWidth;
  p.channels = channels;
  return p;
}

function forRows(task: u32, p: Resize): void {
  p.chunk = max(1, CHUNK / max(1, p.outWidth * p.channels));
  parallelFor(task, (p.batch * p.outHeight + p.chunk - 1) / p.chunk);
}

// @ts-ignore: decorator
@inline
function fromRowBytes(p: Resize): usize {
  return (<usize>p.width * p.channels) << 2;
}

// @ts-ignore: decorator
@inline
function toRowBytes(p: Resize): usize {
  return (<usize>p.outWidth * p.channels) << 2;
}

/** to[i, j] = from[rows[i], columns[j]]: numbers of rows and columns. */
export function resizeNearest(
  from: usize, to: usize, rows: usize, columns: usize, batch: i32, height: i32, width: i32, outHeight: i32,
  outWidth: i32, channels: i32,
): void {
  const task: (chunk: i32) => void = nearestChunk;
  forRows(task.index, prepare(from, to, rows, columns, batch, height, width, outHeight, outWidth, channels));
}

function nearestChunk(chunk: i32): void {
  const p = changetype<Resize>(args());
  const first = chunk * p.chunk;
  const end = min(p.batch * p.outHeight, first + p.chunk);
  const bytes = toRowBytes(p);
  let last: usize = 0;
  for (let row = first; row < end; row++) {
    const source = (row / p.outHeight) * p.height + load<i32>(p.rows + ((<usize>(row % p.outHeight)) << 2));
    const from = p.from + <usize>source * fromRowBytes(p);
    const to = p.to + <usize>row * bytes;
    if (row > first && from == last) memory.copy(to, to - bytes, bytes);
    else nearestRow(p, from, to);
    last = from;
  }
}

function nearestRow(p: Resize, from: usize, to: usize): void {
  const pixel = (<usize>p.channels) << 2;
  for (let j = 0; j < p.outWidth; j++) {
    const x = from + <usize>load<i32>(p.columns + ((<usize>j) << 2)) * pixel;
    for (let c = 0; c < p.channels; c += 4) {
      const at = (<usize>c) << 2;
      storeUpTo(to + at, v128.load(x + at), p.channels - c);
    }
    to += pixel;
  }
}

/**
 * to[i, j] = the sum of from[a, b] over rows[i] <= a < rows[i + 1] and columns[j] <= b < columns[j + 1]: first rows and
 * columns.
 */
export function resizeNearestGrad(
  from: usize, to: usize, rows: usize, columns: usize, batch: i32, height: i32, width: i32, outHeight: i32,
  outWidth: i32, channels: i32,
): void {
  const p = prepare(from, to, rows, columns, batch, height, width, outHeight, outWidth, channels);
  p.chunk = max(1, CHUNK / max(1, height * width * channels / max(1, outHeight)));
  const task: (chunk: i32) => void = nearestGradChunk;
  parallelFor(task.index, (batch * outHeight + p.chunk - 1) / p.chunk);
}

function nearestGradChunk(chunk: i32): void {
  const p = changetype<Resize>(args());
  const end = min(p.batch * p.outHeight, (chunk + 1) * p.chunk);
  const pixel = (<usize>p.channels) << 2;
  const pitch = fromRowBytes(p);
  for (let row = chunk * p.chunk; row < end; row++) {
    const range = p.rows + ((<usize>(row % p.outHeight)) << 2);
    const top = load<i32>(range);
    const from = p.from + <usize>((row / p.outHeight) * p.height + top) * pitch;
    const to = p.to + <usize>row * toRowBytes(p);
    for (let j = 0; j < p.outWidth; j++) {
      const columns = p.columns + ((<usize>j) << 2);
      const left = load<i32>(columns);
      const count = load<i32>(columns, 4) - left;
      sumPixels(from + <usize>left * pixel, to + <usize>j * pixel, p.channels, load<i32>(range, 4) - top, count, pixel, pitch, 1);
    }
  }
}

/** Between two rows and two columns of `from`: a table's entries are (low, high, fraction of the way from low to high). */
export function resizeBilinear(
  from: usize, to: usize, rows: usize, columns: usize, batch: i32, height: i32, width: i32, outHeight: i32,
  outWidth: i32, channels: i32,
): void {
  const task: (chunk: i32) => void = bilinearChunk;
  forRows(task.index, prepare(from, to, rows, columns, batch, height, width, outHeight, outWidth, channels));
}

function bilinearChunk(chunk: i32): void {
  const p = changetype<Resize>(args());
  const end = min(p.batch * p.outHeight, (chunk + 1) * p.chunk);
  const pixel = (<usize>p.channels) << 2;
  for (let row = chunk * p.chunk; row < end; row++) {
    const entry = p.rows + <usize>(row % p.outHeight) * 12;
    const image = p.from + <usize>(row / p.outHeight) * p.height * fromRowBytes(p);
    const top = image + <usize>load<i32>(entry) * fromRowBytes(p);
    const bottom = image + <usize>load<i32>(entry, 4) * fromRowBytes(p);
    let to = p.to + <usize>row * toRowBytes(p);
    for (let j = 0; j < p.outWidth; j++) {
      mix(top, bottom, to, entry, p.columns + <usize>j * 12, p.channels);
      to += pixel;
    }
  }
}

function mix(top: usize, bottom: usize, to: usize, row: usize, column: usize, channels: i32): void {
  const left = (<usize>load<i32>(column) * channels) << 2;
  const right = (<usize>load<i32>(column, 4) * channels) << 2;
  const down = v128.load_splat<f32>(row, 8);
  const along = v128.load_splat<f32>(column, 8);
  for (let c = 0; c < channels; c += 4) {
    const at = (<usize>c) << 2;
    let y = between(v128.load(top + left + at), v128.load(top + right + at), along);
    if (top != bottom) y = between(y, between(v128.load(bottom + left + at), v128.load(bottom + right + at), along), down);
    storeUpTo(to + at, y, channels - c);
  }
}

// @ts-ignore: decorator
@inline
function between(low: v128, high: v128, fraction: v128): v128 {
  return madd(f32x4.sub(high, low), fraction, low);
}

/** Adds each pixel of `from` to the four of `to` that it was between; the tables are those of the pixels of `from`. */
export function resizeBilinearGrad(
  from: usize, to: usize, rows: usize, columns: usize, batch: i32, height: i32, width: i32, outHeight: i32,
  outWidth: i32, channels: i32,
): void {
  const p = prepare(from, to, rows, columns, batch, height, width, outHeight, outWidth, channels);
  p.chunk = max(1, CHUNK / max(1, height * width * channels));
  const task: (chunk: i32) => void = bilinearGradChunk;
  parallelFor(task.index, (batch + p.chunk - 1) / p.chunk);
}

function bilinearGradChunk(chunk: i32): void {
  const p = changetype<Resize>(args());
  const end = min(p.batch, (chunk + 1) * p.chunk);
  const pixel = (<usize>p.channels) << 2;
  const imageBytes = toRowBytes(p) * p.outHeight;
  for (let image = chunk * p.chunk; image < end; image++) {
    let from = p.from + <usize>image * p.height * fromRowBytes(p);
    const to = p.to + <usize>image * imageBytes;
    memory.fill(to, 0, imageBytes);
    for (let i = 0; i < p.height; i++) {
      const entry = p.rows + <usize>i * 12;
      const top = to + <usize>load<i32>(entry) * toRowBytes(p);
      const bottom = to + <usize>load<i32>(entry, 4) * toRowBytes(p);
      for (let j = 0; j < p.width; j++) {
        unmix(from, top, bottom, entry, p.columns + <usize>j * 12, p.channels);
        from += pixel;
      }
    }
  }
}

function unmix(from: usize, top: usize, bottom: usize, row: usize, column: usize, channels: i32): void {
  const left = (<usize>load<i32>(column) * channels) << 2;
  const right = (<usize>load<i32>(column, 4) * channels) << 2;
  const along = load<f32>(column, 8);
  const down: f32 = top == bottom ? 0 : load<f32>(row, 8);
  share(from, top + left, top + right, 1 - down, along, channels);
  if (top != bottom) share(from, bottom + left, bottom + right, down, along, channels);
}

/** Adds `weight` times a pixel to one or two others. */
function share(from: usize, left: usize, right: usize, weight: f32, along: f32, channels: i32): void {
  const one = left == right;
  const leftWeight = splat(one ? weight : weight * (1 - along));
  const rightWeight = splat(weight * along);
  for (let c = 0; c < channels; c += 4) {
    const at = (<usize>c) << 2;
    const g = v128.load(from + at);
    storeUpTo(left + at, madd(g, leftWeight, v128.load(left + at)), channels - c);
    if (!one) storeUpTo(right + at, madd(g, rightWeight, v128.load(right + at)), channels - c);
  }
}
