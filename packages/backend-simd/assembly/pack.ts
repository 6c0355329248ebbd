// Repacking the operands of a matrix product: B into panels of eight columns, what A doesn't have in place into tiles.

import { transpose4x4 } from './lanes';
import { orZero } from './math';

const PANEL: i32 = 8;
const LEAST: f32 = 8.271806125530277e-25; // 2^-80

/** `steps` rows of up to eight elements, `stride` bytes apart, to [steps, 8]; missing ones become zeros. */
export function packRows(from: usize, stride: usize, steps: i32, width: i32, to: usize): void {
  if (width == PANEL) {
    for (let i = 0; i < steps; i++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += stride;
      to += 32;
    }
    return;
  }
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < PANEL; j++) store<f32>(to + (j << 2), j < width ? load<f32>(from + (j << 2)) : 0);
    from += stride;
    to += 32;
  }
}

/** The same for four panels side by side, whose places are `panelBytes` apart: whole cache lines, some at a time. */
export function packRowsOfFour(from: usize, stride: usize, steps: i32, to: usize, panelBytes: usize): void {
  const to1 = panelBytes, to2 = 2 * panelBytes, to3 = 3 * panelBytes;
  for (let i = 0; i < steps; i++) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to + to1, v128.load(from, 32));
    v128.store(to + to1, v128.load(from, 48), 16);
    v128.store(to + to2, v128.load(from, 64));
    v128.store(to + to2, v128.load(from, 80), 16);
    v128.store(to + to3, v128.load(from, 96));
    v128.store(to + to3, v128.load(from, 112), 16);
    from += stride;
    to += 32;
  }
}

/** Packs eight rows of the transposed B (columns of B) by 4 x 4 transposes. */
export function packTransposed(from: usize, stride: usize, steps: i32, width: i32, to: usize): void {
  let i = 0;
  if (width == PANEL) {
    for (; i + 4 <= steps; i += 4) {
      transpose4x4(from + (i << 2), stride, to + (i << 5), 32);
      transpose4x4(from + (i << 2) + 4 * stride, stride, to + (i << 5) + 16, 32);
    }
  }
  for (; i < steps; i++) {
    for (let j = 0; j < PANEL; j++) {
      store<f32>(to + (i << 5) + (j << 2), j < width ? load<f32>(from + <usize>j * stride + (i << 2)) : 0);
    }
  }
}

/** `height` (six or four) columns of `steps` rows, `stride` bytes apart, to [steps, height]. Reads past them (see heap.ts). */
export function gatherColumns(from: usize, stride: usize, steps: i32, height: i32, to: usize): void {
  if (height == 6) gather(6, false, from, stride, steps, to);
  else gather(4, false, from, stride, steps, to);
}

/** The same, but for numbers under 2^-80 in magnitude, which become zero. */
export function gatherLargeColumns(from: usize, stride: usize, steps: i32, height: i32, to: usize): void {
  if (height == 6) gather(6, true, from, stride, steps, to);
  else gather(4, true, from, stride, steps, to);
}

// @ts-ignore: decorator
@inline
function gather(height: i32, large: bool, from: usize, stride: usize, steps: i32, to: usize): void {
  for (let step = 0; step < steps; step++) {
    const x = v128.load(from);
    v128.store(to, large ? orZero(x, LEAST) : x);
    if (height == 6) {
      const y = v128.load64_zero(from, 16);
      v128.store64_lane(to, large ? orZero(y, LEAST) : y, 0, 16);
    }
    from += stride;
    to += (<usize>height) << 2;
  }
}

/** `rows` rows of `steps` elements, `stride` bytes apart, then zeros, to [height, steps]. */
export function gatherRows(from: usize, stride: usize, steps: i32, rows: i32, height: i32, to: usize): usize {
  const bytes = (<usize>steps) << 2;
  for (let i = 0; i < height; i++) {
    if (i < rows) memory.copy(to + <usize>i * bytes, from + <usize>i * stride, bytes);
    else memory.fill(to + <usize>i * bytes, 0, bytes);
  }
  return to;
}
