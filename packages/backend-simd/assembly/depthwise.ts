// Convolution of each channel with a filter [filterHeight, filterWidth, channels] of its own, and the derivatives.

import { storeUpTo } from './lanes';
import { madd, splat } from './math';
import { args, parallelFor } from './pool';
import { imageBytes, imagesOfChunk, pixelBytes, rowBytes, rowsOfChunk, Window } from './window';

@unmanaged
class Depthwise {
  x: usize = 0; // of the derivative by the input: dx
  filter: usize = 0; // of the derivative by the filter: partial sums [chunks, filterHeight, filterWidth, lanes]
  y: usize = 0; // of derivatives: dy
  bias: usize = 0; // or 0
  window: usize = 0;
  chunk: i32 = 0; // rows of y, or pictures, of a chunk
  lanes: i32 = 0; // channels in whole vectors
}

/** The first of a window's rows, or columns, inside a picture, when the window begins at `corner`. */
// @ts-ignore: decorator
@inline
function firstTap(corner: i32, dilation: i32): i32 {
  return corner >= 0 ? 0 : (dilation - 1 - corner) / dilation;
}

/** Where those inside end, in a picture of `size`. */
// @ts-ignore: decorator
@inline
function endTap(corner: i32, dilation: i32, size: i32, filter: i32): i32 {
  return corner >= size ? 0 : min(filter, (size - corner + dilation - 1) / dilation);
}

/** y = bias + the sum over a window of x times the filter. `bias` may be 0. */
export function depthwise(x: usize, filter: usize, bias: usize, y: usize, window: usize): void {
  const p = changetype<Depthwise>(args());
  const w = changetype<Window>(window);
  p.x = x;
  p.filter = filter;
  p.bias = bias;
  p.y = y;
  p.window = window;
  p.chunk = rowsOfChunk(w);
  const task: (chunk: i32) => void = depthwiseChunk;
  parallelFor(task.index, (w.batch * w.outHeight + p.chunk - 1) / p.chunk);
}

function depthwiseChunk(chunk: i32): void {
  const p = changetype<Depthwise>(args());
  const w = changetype<Window>(p.window);
  const end = min(w.batch * w.outHeight, (chunk + 1) * p.chunk);
  const pixel = pixelBytes(w);
  for (let row = chunk * p.chunk; row < end; row++) {
    const image = p.x + <usize>(row / w.outHeight) * imageBytes(w);
    const corner = (row % w.outHeight) * w.strideHeight - w.padTop;
    const top = firstTap(corner, w.dilationHeight);
    const bottom = endTap(corner, w.dilationHeight, w.height, w.filterHeight);
    let y = p.y + <usize>row * w.outWidth * pixel;
    for (let j = 0; j < w.outWidth; j++) {
      const edge = j * w.strideWidth - w.padLeft;
      const left = firstTap(edge, w.dilationWidth);
      const right = endTap(edge, w.dilationWidth, w.width, w.filterWidth);
      const x = image + <usize>((corner + top * w.dilationHeight) * w.width + edge + left * w.dilationWidth) * pixel;
      const filter = p.filter + <usize>(top * w.filterWidth + left) * pixel;
      weigh(w, x, filter, p.bias, y, bottom - top, right - left);
      y += pixel;
    }
  }
}

function weigh(w: Window, x: usize, filter: usize, bias: usize, y: usize, rows: i32, columns: i32): void {
  const pixel = pixelBytes(w);
  const step = pixel * w.dilationWidth;
  const pitch = rowBytes(w) * w.dilationHeight;
  const filterPitch = pixel * w.filterWidth;
  for (let c = 0; c < w.channels; c += 4) {
    let sum = bias ? v128.load(bias + ((<usize>c) << 2)) : splat(0);
    let row = x;
    let weights = filter;
    for (let i = 0; i < rows; i++) {
      let at = row;
      let weight = weights;
      for (let j = 0; j < columns; j++) {
        sum = madd(v128.load(at), v128.load(weight), sum);
        at += step;
        weight += pixel;
      }
      row += pitch;
      weights += filterPitch;
    }
    storeUpTo(y, sum, w.channels - c);
    x += 16;
    filter += 16;
    y += 16;
  }
}

/** dx = the sum over the windows that a pixel is in of dy times the filter. */
export function depthwiseInputGrad(dy: usize, filter: usize, dx: usize, window: usize): void {
  const p = changetype<Depthwise>(args());
  const w = changetype<Window>(window);
  p.x = dx;
  p.filter = filter;
  p.y = dy;
  p.window = window;
  p.chunk = imagesOfChunk(w);
  const task: (chunk: i32) => void = inputGradChunk;
  parallelFor(task.index, (w.batch + p.chunk - 1) / p.chunk);
}

function inputGradChunk(chunk: i32): void {
  const p = changetype<Depthwise>(args());
  const w = changetype<Window>(p.window);
  const end = min(w.batch, (chunk + 1) * p.chunk);
  const pixel = pixelBytes(w);
  for (let image = chunk * p.chunk; image < end; image++) {
    const dx = p.x + <usize>image * imageBytes(w);
    let dy = p.y + <usize>(image * w.outHeight * w.outWidth) * pixel;
    memory.fill(dx, 0, imageBytes(w));
    for (let i = 0; i < w.outHeight; i++) {
      const corner = i * w.strideHeight - w.padTop;
      const top = firstTap(corner, w.dilationHeight);
      const bottom = endTap(corner, w.dilationHeight, w.height, w.filterHeight);
      for (let j = 0; j < w.outWidth; j++) {
        const edge = j * w.strideWidth - w.padLeft;
        const left = firstTap(edge, w.dilationWidth);
        const right = endTap(edge, w.dilationWidth, w.width, w.filterWidth);
        const at = dx + <usize>((corner + top * w.dilationHeight) * w.width + edge + left * w.dilationWidth) * pixel;
        scatter(w, dy, p.filter + <usize>(top * w.filterWidth + left) * pixel, at, bottom - top, right - left);
        dy += pixel;
      }
    }
  }
}

/** dx += dy times the filter, for the pixels of a window. */
function scatter(w: Window, dy: usize, filter: usize, dx: usize, rows: i32, columns: i32): void {
  const pixel = pixelBytes(w);
  const step = pixel * w.dilationWidth;
  for (let i = 0; i < rows; i++) {
    let at = dx + <usize>i * rowBytes(w) * w.dilationHeight;
    let weights = filter + <usize>(i * w.filterWidth) * pixel;
    for (let j = 0; j < columns; j++) {
      for (let c = 0; c < w.channels; c += 4) {
        const offset = (<usize>c) << 2;
        const sum = madd(v128.load(dy + offset), v128.load(weights + offset), v128.load(at + offset));
        storeUpTo(at + offset, sum, w.channels - c);
      }
      at += step;
      weights += pixel;
    }
  }
}

/**
 * dFilter = the sum over all windows of x times dy. Each row is summed by itself, then the rows of a chunk of pictures, and
 * the chunks in float64: so the error doesn't grow with the batch.
 */
export function depthwiseFilterGrad(x: usize, dy: usize, dFilter: usize, window: usize): void {
  const p = changetype<Depthwise>(args());
  const w = changetype<Window>(window);
  const taps = w.filterHeight * w.filterWidth;
  p.x = x;
  p.y = dy;
  p.window = window;
  p.lanes = (w.channels + 3) & ~3;
  p.chunk = imagesOfChunk(w);
  const chunks = (w.batch + p.chunk - 1) / p.chunk;
  const bytes = (<usize>taps * p.lanes) << 2;
  p.filter = heap.alloc(bytes * chunks);
  const task: (chunk: i32) => void = filterGradChunk;
  parallelFor(task.index, chunks);
  for (let tap = 0; tap < taps; tap++) {
    for (let c = 0; c < w.channels; c++) {
      let sum: f64 = 0;
      const at = p.filter + ((<usize>tap * p.lanes + c) << 2);
      for (let i = 0; i < chunks; i++) sum += <f64>load<f32>(at + <usize>i * bytes);
      store<f32>(dFilter + ((<usize>tap * w.channels + c) << 2), <f32>sum);
    }
  }
  heap.free(p.filter);
}

function filterGradChunk(chunk: i32): void {
  const p = changetype<Depthwise>(args());
  const w = changetype<Window>(p.window);
  const pixel = pixelBytes(w);
  const bytes = (<usize>w.filterHeight * w.filterWidth * p.lanes) << 2;
  const sums = p.filter + <usize>chunk * bytes;
  memory.fill(sums, 0, bytes);
  const first = chunk * p.chunk;
  const rows = (min(w.batch, first + p.chunk) - first) * w.outHeight;
  for (let row = 0; row < rows; row++) {
    const image = p.x + <usize>(first + row / w.outHeight) * imageBytes(w);
    const dy = p.y + <usize>((first * w.outHeight + row) * w.outWidth) * pixel;
    const corner = (row % w.outHeight) * w.strideHeight - w.padTop;
    const bottom = endTap(corner, w.dilationHeight, w.height, w.filterHeight);
    for (let i = firstTap(corner, w.dilationHeight); i < bottom; i++) {
      const x = image + <usize>(corner + i * w.dilationHeight) * rowBytes(w);
      rowGrad(w, x, dy, sums + ((<usize>(i * w.filterWidth * p.lanes)) << 2), p.lanes);
    }
  }
}

/** Adds what one row of dy gives with one row of x to the sums of a row of the filter. */
function rowGrad(w: Window, x: usize, dy: usize, sums: usize, lanes: i32): void {
  const pixel = pixelBytes(w);
  const step = pixel * w.strideWidth;
  for (let j = 0; j < w.filterWidth; j++) {
    const offset = j * w.dilationWidth - w.padLeft;
    // The windows whose tap j lies inside the row.
    const first = offset >= 0 ? 0 : (w.strideWidth - 1 - offset) / w.strideWidth;
    const end = offset >= w.width ? 0 : min(w.outWidth, (w.width - offset + w.strideWidth - 1) / w.strideWidth);
    const from = x + <usize>(first * w.strideWidth + offset) * pixel;
    for (let c = 0; c < lanes; c += 4) {
      const at = (<usize>c) << 2;
      let a = from + at;
      let b = dy + <usize>first * pixel + at;
      let sum = splat(0);
      for (let i = first; i < end; i++) {
        sum = madd(v128.load(a), v128.load(b), sum);
        a += step;
        b += pixel;
      }
      v128.store(sums + at, f32x4.add(v128.load(sums + at), sum));
    }
    sums += (<usize>lanes) << 2;
  }
}
