// Running sums and products along a dimension: x and y are [outer, length, inner].

import { storeUpTo } from './lanes';
import { splat } from './math';
import { args, parallelFor } from './pool';

const CHUNK: i32 = 8192; // numbers of a chunk of rows
const STRIP: i32 = 64; // columns of a chunk

@unmanaged
class Cumulate {
  x: usize = 0; // of the first number to add
  y: usize = 0;
  outer: i32 = 0;
  length: i32 = 0;
  inner: i32 = 0;
  product: i32 = 0;
  exclusive: i32 = 0;
  reverse: i32 = 0;
  strips: i32 = 0;
  chunk: i32 = 0; // rows of a chunk
}

/** y[j] = x[0] + ... + x[j], or to x[j - 1] if `exclusive`, from the end if `reverse`; products if `product`. */
export function cumulate(
  product: i32, x: usize, y: usize, outer: i32, length: i32, inner: i32, exclusive: i32, reverse: i32,
): void {
  const p = changetype<Cumulate>(args());
  p.x = x;
  p.y = y;
  p.outer = outer;
  p.length = length;
  p.inner = inner;
  p.product = product;
  p.exclusive = exclusive;
  p.reverse = reverse;
  p.strips = (inner + STRIP - 1) / STRIP;
  p.chunk = max(1, CHUNK / max(1, length));
  const byRows: (chunk: i32) => void = rowsChunk;
  const byColumns: (chunk: i32) => void = columnsChunk;
  if (inner == 1) parallelFor(byRows.index, (outer + p.chunk - 1) / p.chunk);
  else parallelFor(byColumns.index, outer * p.strips);
}

function rowsChunk(chunk: i32): void {
  const p = changetype<Cumulate>(args());
  const end = min(p.outer, (chunk + 1) * p.chunk);
  for (let row = chunk * p.chunk; row < end; row++) {
    const first = p.reverse ? p.length - 1 : 0;
    const offset = (<usize>(row * p.length + first)) << 2;
    cumulateRow(p, p.x + offset, p.y + offset);
  }
}

function cumulateRow(p: Cumulate, x: usize, y: usize): void {
  const step: usize = p.reverse ? -4 : 4;
  let total: f32 = p.product ? 1 : 0;
  for (let i = 0; i < p.length; i++) {
    const value = load<f32>(x);
    const next = p.product ? total * value : total + value;
    // The first number as it is: -0 stays -0.
    const inclusive = i == 0 ? value : next;
    store<f32>(y, p.exclusive ? total : inclusive);
    total = p.exclusive ? next : inclusive;
    x += step;
    y += step;
  }
}

function columnsChunk(chunk: i32): void {
  const p = changetype<Cumulate>(args());
  const first = (chunk % p.strips) * STRIP;
  const end = min(p.inner, first + STRIP);
  const row = (chunk / p.strips) * p.length + (p.reverse ? p.length - 1 : 0);
  for (let column = first; column < end; column += 4) {
    const offset = (<usize>(row * p.inner + column)) << 2;
    cumulateColumns(p, p.x + offset, p.y + offset, end - column);
  }
}

function cumulateColumns(p: Cumulate, x: usize, y: usize, count: i32): void {
  const pitch = (<usize>p.inner) << 2;
  const step: usize = p.reverse ? -pitch : pitch;
  let total = splat(p.product ? 1 : 0);
  for (let i = 0; i < p.length; i++) {
    const value = v128.load(x);
    const next = p.product ? f32x4.mul(total, value) : f32x4.add(total, value);
    const inclusive = i == 0 ? value : next;
    storeUpTo(y, p.exclusive ? total : inclusive, count);
    total = p.exclusive ? next : inclusive;
    x += step;
    y += step;
  }
}
