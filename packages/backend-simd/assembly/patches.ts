// Patches of a plane of pixels, gathered so that a convolution becomes a matrix product.

import { splat } from './math';

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
  const perImage = p.rows * p.columns;
  const image = position / perImage;
  const inImage = position - image * perImage;
  const row = inImage / p.columns;
  const x = (inImage - row * p.columns) * p.stepX + p.originX;
  let y = row * p.stepY + p.originY;
  const pixelBytes = (<usize>p.channels) << 2;
  const lineBytes = <usize>p.width * pixelBytes;
  const tapsBytes = <usize>p.tapsX * pixelBytes;
  const plane = p.pixels + <usize>image * <usize>p.height * lineBytes;
  const whole = p.tapStepX == 1 && x >= 0 && x + p.tapsX <= p.width;
  for (let i = 0; i < p.tapsY; i++) {
    const line = plane + <usize>y * lineBytes;
    if (<u32>y >= <u32>p.height) clear(to, tapsBytes);
    else if (whole) copy(line + <usize>x * pixelBytes, to, tapsBytes);
    else gatherTaps(p, line, x, pixelBytes, to);
    y += p.tapStepY;
    to += tapsBytes;
  }
}

function gatherTaps(p: Patches, line: usize, x: i32, pixelBytes: usize, to: usize): void {
  for (let j = 0; j < p.tapsX; j++) {
    if (<u32>x >= <u32>p.width) clear(to, pixelBytes);
    else copy(line + <usize>x * pixelBytes, to, pixelBytes);
    x += p.tapStepX;
    to += pixelBytes;
  }
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
