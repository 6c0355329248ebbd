// Windows that slide over pictures x [batch, height, width, channels] and give y [batch, outHeight, outWidth, channels]:
// what pooling and depthwise convolution have in common.

/** How the windows lie. src/window.ts writes it, in this order. */
@unmanaged
export class Window {
  batch: i32 = 0;
  height: i32 = 0;
  width: i32 = 0;
  channels: i32 = 0;
  outHeight: i32 = 0;
  outWidth: i32 = 0;
  filterHeight: i32 = 0;
  filterWidth: i32 = 0;
  strideHeight: i32 = 0;
  strideWidth: i32 = 0;
  dilationHeight: i32 = 0;
  dilationWidth: i32 = 0;
  padTop: i32 = 0;
  padLeft: i32 = 0;
}

const CHUNK: i32 = 16384; // numbers read by a chunk

/** Rows of y that make a chunk of work. */
export function rowsOfChunk(w: Window): i32 {
  return max(1, CHUNK / max(1, w.outWidth * w.channels * w.filterHeight * w.filterWidth));
}

/** Pictures that make a chunk of work. */
export function imagesOfChunk(w: Window): i32 {
  return max(1, CHUNK / max(1, w.height * w.width * w.channels));
}

/** Bytes from one pixel of x to the next. */
// @ts-ignore: decorator
@inline
export function pixelBytes(w: Window): usize {
  return (<usize>w.channels) << 2;
}

/** Bytes from one row of x to the next. */
// @ts-ignore: decorator
@inline
export function rowBytes(w: Window): usize {
  return (<usize>w.channels * w.width) << 2;
}

/** Bytes from one picture of x to the next. */
// @ts-ignore: decorator
@inline
export function imageBytes(w: Window): usize {
  return (<usize>w.channels * w.width * w.height) << 2;
}

/** Whether no pixel of x is in two windows. */
export function isDisjoint(w: Window): bool {
  return w.strideHeight >= w.filterHeight && w.strideWidth >= w.filterWidth;
}

/** Whether each pixel of x is in one window, and all of them lie inside. */
export function isTiling(w: Window): bool {
  return (
    w.strideHeight == w.filterHeight && w.strideWidth == w.filterWidth && w.padTop == 0 && w.padLeft == 0 &&
    w.outHeight * w.filterHeight == w.height && w.outWidth * w.filterWidth == w.width
  );
}
