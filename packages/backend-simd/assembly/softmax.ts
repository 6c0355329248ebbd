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
  let largest = splat(-Infinity);
  for (let i = 0; i < length; i += 4) largest = f32x4.max(largest, lanes(x, i, length, -Infinity));
  largest = f32x4.max(largest, v128.shuffle<f32>(largest, largest, 2, 3, 0, 1));
  largest = f32x4.max(largest, v128.shuffle<f32>(largest, largest, 1, 0, 3, 2));
  let total = splat(0);
  for (let i = 0; i < length; i += 4) {
    const e = exp4(f32x4.sub(lanes(x, i, length, -Infinity), largest));
    total = f32x4.add(total, e);
    if (!logarithm) put(y, i, length, e);
  }
  total = f32x4.add(total, v128.shuffle<f32>(total, total, 2, 3, 0, 1));
  total = f32x4.add(total, v128.shuffle<f32>(total, total, 1, 0, 3, 2));
  if (logarithm) {
    const logTotal = log4(total);
    for (let i = 0; i < length; i += 4) put(y, i, length, f32x4.sub(f32x4.sub(lanes(x, i, length, 0), largest), logTotal));
  } else {
    for (let i = 0; i < length; i += 4) put(y, i, length, f32x4.div(lanes(y, i, length, 0), total));
  }
}

// @ts-ignore: decorator
@inline
function lanes(x: usize, i: i32, length: i32, missing: f32): v128 {
  const v = v128.load(x + ((<usize>i) << 2));
  if (length - i >= 4) return v;
  const present = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(length - i));
  return v128.bitselect(v, splat(missing), present);
}

// @ts-ignore: decorator
@inline
function put(y: usize, i: i32, length: i32, v: v128): void {
  const to = y + ((<usize>i) << 2);
  storeUpTo(to, v, length - i);
}
