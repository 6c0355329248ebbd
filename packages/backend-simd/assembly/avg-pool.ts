// Average-pooling and its gradient.

import { storeUpTo } from './lanes';
import { splat } from './math';
import { args } from './pool';
import { poolImages, Pooling, poolRows } from './pooling';
import { sumPixels } from './sum-pixels';
import { imageBytes, isDisjoint, isTiling, pixelBytes, rowBytes, Window } from './window';

/** y = the mean of what each window of x holds; padding doesn't count. */
export function avgPool(x: usize, y: usize, window: usize): void {
  const task: (chunk: i32) => void = avgPoolChunk;
  poolRows(task.index, x, y, window);
}

function avgPoolChunk(chunk: i32): void {
  const p = changetype<Pooling>(args());
  const w = changetype<Window>(p.window);
  const end = min(w.batch * w.outHeight, (chunk + 1) * p.chunk);
  for (let row = chunk * p.chunk; row < end; row++) {
    const image = p.x + <usize>(row / w.outHeight) * imageBytes(w);
    avgPoolRow(w, image, p.y + <usize>row * w.outWidth * pixelBytes(w), row % w.outHeight);
  }
}

function avgPoolRow(w: Window, image: usize, y: usize, outRow: i32): void {
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
    sumPixels(x, y, w.channels, max(0, rows), max(0, columns), pixel, pitch, <f32>(max(0, rows) * max(0, columns)));
    y += pixel;
  }
}

/**
 * dx = the sum of dy over the windows a pixel is in, divided by the size of a window. Like tfjs's other backends it takes
 * the whole size, also of windows that lie partly in the padding.
 */
export function avgPoolGrad(dy: usize, dx: usize, window: usize): void {
  const task: (chunk: i32) => void = avgPoolGradChunk;
  poolImages(task.index, 0, dy, dx, window);
}

function avgPoolGradChunk(chunk: i32): void {
  const p = changetype<Pooling>(args());
  const w = changetype<Window>(p.window);
  const end = min(w.batch, (chunk + 1) * p.chunk);
  const outBytes = <usize>w.outHeight * w.outWidth * pixelBytes(w);
  for (let image = chunk * p.chunk; image < end; image++) {
    avgPoolGradImage(w, p.y + <usize>image * outBytes, p.dx + <usize>image * imageBytes(w));
  }
}

function avgPoolGradImage(w: Window, dy: usize, dx: usize): void {
  const disjoint = isDisjoint(w);
  const pixel = pixelBytes(w);
  const pitch = rowBytes(w);
  const share = <f32>(1.0 / <f64>(w.filterHeight * w.filterWidth));
  if (!isTiling(w)) memory.fill(dx, 0, imageBytes(w));
  for (let outRow = 0; outRow < w.outHeight; outRow++) {
    const corner = outRow * w.strideHeight - w.padTop;
    const top = max(0, corner);
    const rows = min(w.height, corner + w.filterHeight) - top;
    for (let i = 0; i < w.outWidth; i++) {
      const edge = i * w.strideWidth - w.padLeft;
      const left = max(0, edge);
      const columns = min(w.width, edge + w.filterWidth) - left;
      spread(dy, dx + <usize>top * pitch + <usize>left * pixel, w.channels, rows, columns, pixel, pitch, share, disjoint);
      dy += pixel;
    }
  }
}

/** Adds dy times `share` to each pixel of a window, or stores it where no other window reaches. */
function spread(
  dy: usize, dx: usize, channels: i32, rows: i32, columns: i32, pixel: usize, pitch: usize, share: f32, disjoint: bool,
): void {
  const factor = splat(share);
  for (let i = 0; i < rows; i++) {
    let at = dx + <usize>i * pitch;
    for (let j = 0; j < columns; j++) {
      for (let c = 0; c < channels; c += 4) {
        const offset = (<usize>c) << 2;
        const g = f32x4.mul(v128.load(dy + offset), factor);
        storeUpTo(at + offset, disjoint ? g : f32x4.add(v128.load(at + offset), g), channels - c);
      }
      at += pixel;
    }
  }
}
