// Softmax and log-softmax over rows of x [rows, length], shifted by the row's maximum.

import { exp4, log4, splat } from './math';
import { storeUpTo } from './lanes';
import { args, parallelFor } from './pool';

@unmanaged
class Softmax {
  x: usize = 0;
  y: usize = 0;
  rows: i32 = 0;
  length: i32 = 0;
  logarithm: i32 = 0;
  chunk: i32 = 0;
}

export function softmax(x: usize, y: usize, rows: i32, length: i32, logarithm: i32): void {
  const p = changetype<Softmax>(args());
  p.x = x;
  p.y = y;
  p.rows = rows;
  p.length = length;
  p.logarithm = logarithm;
  p.chunk = max(1, 4096 / max(1, length));
  const task: (chunk: i32) => void = softmaxChunk;
  parallelFor(task.index, (rows + p.chunk - 1) / p.chunk);
}

function softmaxChunk(chunk: i32): void {
  const p = changetype<Softmax>(args());
  const end = min(p.rows, (chunk + 1) * p.chunk);
  for (let row = chunk * p.chunk; row < end; row++) {
    const offset = (<usize>row * p.length) << 2;
    softmaxRow(p.x + offset, p.y + offset, p.length, p.logarithm != 0);
  }
}

function softmaxRow(x: usize, y: usize, length: i32, logarithm: bool): void {
  const whole = length & ~3;
  const rest = length & 3;
  const lastX = x + ((<usize>whole) << 2);
  const lastY = y + ((<usize>whole) << 2);
  // The lanes of the last vector that belong to the row; what else it holds counts as -infinity.
  const inside = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(rest));
  const last = v128.bitselect(v128.load(lastX), splat(-Infinity), inside);
  const largest = largestOf(x, lastX, last);
  const total = sumOf(exponentials(x, y, lastX, lastY, last, largest, logarithm ? 0 : rest, !logarithm));
  if (logarithm) {
    const logTotal = log4(total);
    for (; x < lastX; x += 16) {
      v128.store(y, f32x4.sub(f32x4.sub(v128.load(x), largest), logTotal));
      y += 16;
    }
    storeUpTo(lastY, f32x4.sub(f32x4.sub(last, largest), logTotal), rest);
  } else {
    const factor = f32x4.div(splat(1), total);
    for (; y < lastY; y += 16) v128.store(y, f32x4.mul(v128.load(y), factor));
    storeUpTo(lastY, f32x4.mul(v128.load(lastY), factor), rest);
  }
}

/** The largest number in all lanes. NaN is passed over: it shows in the sum of exponentials. */
function largestOf(x: usize, end: usize, last: v128): v128 {
  let m0 = last, m1 = last;
  for (; x + 32 <= end; x += 32) {
    m0 = f32x4.pmax(v128.load(x), m0);
    m1 = f32x4.pmax(v128.load(x, 16), m1);
  }
  if (x < end) m0 = f32x4.pmax(v128.load(x), m0);
  m0 = f32x4.pmax(m0, m1);
  m0 = f32x4.pmax(m0, v128.shuffle<f32>(m0, m0, 2, 3, 0, 1));
  return f32x4.pmax(m0, v128.shuffle<f32>(m0, m0, 1, 0, 3, 2));
}

/** Stores exp(x - largest), if asked to, and returns their sums in four lanes. */
// @ts-ignore: decorator
@inline
function exponentials(
  x: usize, y: usize, lastX: usize, lastY: usize, last: v128, largest: v128, rest: i32, storing: bool,
): v128 {
  let total = splat(0);
  for (; x < lastX; x += 16) {
    const e = exp4(f32x4.sub(v128.load(x), largest));
    total = f32x4.add(total, e);
    if (storing) v128.store(y, e);
    y += 16;
  }
  const e = exp4(f32x4.sub(last, largest));
  storeUpTo(lastY, e, rest);
  return f32x4.add(total, e);
}

/** The sum of four lanes, in all of them. */
// @ts-ignore: decorator
@inline
function sumOf(x: v128): v128 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.add(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2));
}
