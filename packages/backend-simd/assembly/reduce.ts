// Sums, means, maxima and minima over one block of dimensions: x is [outer, length, inner].
//
// Sums run in float64, so they are right to the last bit or so whatever their length, and the order of additions is
// fixed: chunks have the same borders whoever computes them, and their partial results are added in order.

import { splat } from './math';
import { storeUpTo } from './lanes';
import { Reduction } from './ops';
import { args, parallelFor } from './pool';

const PIECE: i32 = 32768; // elements of a row a chunk takes
const STRIP: i32 = 16; // columns summed at once

@unmanaged
class Reduce {
  x: usize = 0;
  y: usize = 0;
  op: i32 = 0;
  outer: i32 = 0;
  length: i32 = 0;
  inner: i32 = 0;
  pieces: i32 = 0;
  partial: usize = 0; // f64 a piece, or a column of a piece
  rows: i32 = 0; // rows of a chunk where a row is one piece, of a piece where columns are cut
  width: i32 = 0; // columns of partial results
}

/** y[outer, inner] = op over x[outer, length, inner]. */
export function reduce(op: i32, x: usize, y: usize, outer: i32, length: i32, inner: i32): void {
  const p = changetype<Reduce>(args());
  p.x = x;
  p.y = y;
  p.op = op;
  p.outer = outer;
  p.length = length;
  p.inner = inner;
  if (inner == 1) reduceRows(p);
  else reduceColumns(p);
}

function reduceRows(p: Reduce): void {
  p.pieces = max(1, (p.length + PIECE - 1) / PIECE);
  p.rows = max(1, PIECE / max(1, p.length));
  p.partial = heap.alloc((<usize>p.outer * p.pieces) << 3);
  const task: (chunk: i32) => void = rowsChunk;
  parallelFor(task.index, p.pieces > 1 ? p.outer * p.pieces : (p.outer + p.rows - 1) / p.rows);
  for (let row = 0; row < p.outer; row++) {
    const at = p.partial + ((<usize>row * p.pieces) << 3);
    let value = load<f64>(at);
    for (let i = 1; i < p.pieces; i++) value = combine(p.op, value, load<f64>(at + (i << 3)));
    if (p.op == Reduction.Mean) value /= p.length;
    store<f32>(p.y + ((<usize>row) << 2), <f32>value);
  }
  heap.free(p.partial);
}

function combine(op: i32, a: f64, b: f64): f64 {
  if (op == Reduction.Max) return max(a, b);
  if (op == Reduction.Min) return min(a, b);
  return a + b;
}

function rowsChunk(chunk: i32): void {
  const p = changetype<Reduce>(args());
  if (p.pieces > 1) {
    const first = (chunk % p.pieces) * PIECE;
    const x = p.x + ((<usize>(chunk / p.pieces) * p.length + first) << 2);
    store<f64>(p.partial + ((<usize>chunk) << 3), reducePiece(p.op, x, min(PIECE, p.length - first)));
    return;
  }
  const end = min(p.outer, (chunk + 1) * p.rows);
  for (let row = chunk * p.rows; row < end; row++) {
    const x = p.x + ((<usize>row * p.length) << 2);
    store<f64>(p.partial + ((<usize>row) << 3), reducePiece(p.op, x, p.length));
  }
}

function reducePiece(op: i32, x: usize, count: i32): f64 {
  if (op == Reduction.Max) return extremePiece(true, x, count);
  if (op == Reduction.Min) return extremePiece(false, x, count);
  return sumPiece(x, count);
}

function sumPiece(x: usize, count: i32): f64 {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const end = x + ((<usize>count) << 2);
  for (; x + 32 <= end; x += 32) {
    const a = v128.load(x), b = v128.load(x, 16);
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a));
    s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.shuffle<f32>(a, a, 2, 3, 2, 3)));
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(b));
    s3 = f64x2.add(s3, f64x2.promote_low_f32x4(v128.shuffle<f32>(b, b, 2, 3, 2, 3)));
  }
  s0 = f64x2.add(f64x2.add(s0, s2), f64x2.add(s1, s3));
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (; x < end; x += 4) sum += <f64>load<f32>(x);
  return sum;
}

// @ts-ignore: decorator
@inline
function extreme(largest: bool, a: v128, b: v128): v128 {
  return largest ? f32x4.max(a, b) : f32x4.min(a, b);
}

// @ts-ignore: decorator
@inline
function extremePiece(largest: bool, x: usize, count: i32): f64 {
  let m = splat(largest ? -Infinity : Infinity);
  const end = x + ((<usize>count) << 2);
  if (count >= 32) {
    let m1 = m, m2 = m, m3 = m;
    for (; x + 64 <= end; x += 64) {
      m = extreme(largest, m, v128.load(x));
      m1 = extreme(largest, m1, v128.load(x, 16));
      m2 = extreme(largest, m2, v128.load(x, 32));
      m3 = extreme(largest, m3, v128.load(x, 48));
    }
    m = extreme(largest, extreme(largest, m, m1), extreme(largest, m2, m3));
  }
  for (; x + 16 <= end; x += 16) m = extreme(largest, m, v128.load(x));
  for (; x < end; x += 4) m = extreme(largest, m, v128.load_splat<f32>(x));
  m = extreme(largest, m, v128.shuffle<f32>(m, m, 2, 3, 0, 1));
  m = extreme(largest, m, v128.shuffle<f32>(m, m, 1, 0, 3, 2));
  return <f64>f32x4.extract_lane(m, 0);
}

function reduceColumns(p: Reduce): void {
  const sums = p.op == Reduction.Sum || p.op == Reduction.Mean;
  if (sums && p.inner <= PIECE / STRIP && <i64>p.length * p.inner >= 4 * PIECE) sumColumnsInPieces(p);
  else reduceWholeColumns(p);
}

/** Few and long columns, as of the derivative of a bias: pieces of them are summed first. */
function sumColumnsInPieces(p: Reduce): void {
  p.rows = PIECE / p.inner;
  p.pieces = (p.length + p.rows - 1) / p.rows;
  p.width = (p.inner + STRIP - 1) & ~(STRIP - 1);
  p.partial = heap.alloc((<usize>p.outer * p.pieces * p.width) << 3);
  const task: (chunk: i32) => void = pieceChunk;
  parallelFor(task.index, p.outer * p.pieces);
  const pitch = (<usize>p.width) << 3;
  for (let i = 0; i < p.outer; i++) {
    const first = p.partial + <usize>(i * p.pieces) * pitch;
    for (let column = 0; column < p.inner; column++) {
      let sum: f64 = 0;
      for (let piece = 0; piece < p.pieces; piece++) sum += load<f64>(first + <usize>piece * pitch + ((<usize>column) << 3));
      if (p.op == Reduction.Mean) sum /= p.length;
      store<f32>(p.y + ((<usize>(i * p.inner + column)) << 2), <f32>sum);
    }
  }
  heap.free(p.partial);
}

function pieceChunk(chunk: i32): void {
  const p = changetype<Reduce>(args());
  const first = (chunk % p.pieces) * p.rows;
  const x = p.x + ((<usize>(chunk / p.pieces * p.length + first) * p.inner) << 2);
  const to = p.partial + ((<usize>chunk * p.width) << 3);
  for (let column = 0; column < p.inner; column += STRIP) {
    sumStrip(true, p, x + ((<usize>column) << 2), min(p.rows, p.length - first), to + ((<usize>column) << 3), STRIP);
  }
}

function reduceWholeColumns(p: Reduce): void {
  const strips = (p.inner + STRIP - 1) / STRIP;
  // Enough strips to a chunk that a fork is worth it.
  p.rows = max(1, PIECE / (STRIP * max(1, p.length)));
  p.pieces = (strips + p.rows - 1) / p.rows;
  const task: (chunk: i32) => void = columnsChunk;
  parallelFor(task.index, p.outer * p.pieces);
}

function columnsChunk(chunk: i32): void {
  const p = changetype<Reduce>(args());
  const outer = chunk / p.pieces;
  const x = p.x + ((<usize>outer * p.length * p.inner) << 2);
  const y = p.y + ((<usize>outer * p.inner) << 2);
  const first = (chunk % p.pieces) * p.rows * STRIP;
  const end = min(p.inner, first + p.rows * STRIP);
  for (let column = first; column < end; column += STRIP) {
    const from = x + ((<usize>column) << 2);
    const to = y + ((<usize>column) << 2);
    const width = min(STRIP, end - column);
    if (p.op == Reduction.Max) extremeStrip(true, p, from, to, width);
    else if (p.op == Reduction.Min) extremeStrip(false, p, from, to, width);
    else sumStrip(false, p, from, p.length, to, width);
  }
}

/** y[j] = the sum of x[i, j], 16 columns; float64 in the midst of a sum. */
// @ts-ignore: decorator
@inline
function sumStrip(partial: bool, p: Reduce, x: usize, rows: i32, y: usize, width: i32): void {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  const stride = (<usize>p.inner) << 2;
  for (let i = 0; i < rows; i++) {
    const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a));
    s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.shuffle<f32>(a, a, 2, 3, 2, 3)));
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(b));
    s3 = f64x2.add(s3, f64x2.promote_low_f32x4(v128.shuffle<f32>(b, b, 2, 3, 2, 3)));
    s4 = f64x2.add(s4, f64x2.promote_low_f32x4(c));
    s5 = f64x2.add(s5, f64x2.promote_low_f32x4(v128.shuffle<f32>(c, c, 2, 3, 2, 3)));
    s6 = f64x2.add(s6, f64x2.promote_low_f32x4(d));
    s7 = f64x2.add(s7, f64x2.promote_low_f32x4(v128.shuffle<f32>(d, d, 2, 3, 2, 3)));
    x += stride;
  }
  if (partial) {
    v128.store(y, s0), v128.store(y, s1, 16), v128.store(y, s2, 32), v128.store(y, s3, 48);
    v128.store(y, s4, 64), v128.store(y, s5, 80), v128.store(y, s6, 96), v128.store(y, s7, 112);
    return;
  }
  const divisor = f64x2.splat(p.op == Reduction.Mean ? <f64>p.length : 1);
  storeSum(y, s0, s1, divisor, width);
  storeSum(y + 16, s2, s3, divisor, width - 4);
  storeSum(y + 32, s4, s5, divisor, width - 8);
  storeSum(y + 48, s6, s7, divisor, width - 12);
}

// @ts-ignore: decorator
@inline
export function storeSum(to: usize, low: v128, high: v128, divisor: v128, count: i32): void {
  if (count <= 0) return;
  const a = f32x4.demote_f64x2_zero(f64x2.div(low, divisor));
  const b = f32x4.demote_f64x2_zero(f64x2.div(high, divisor));
  const sum = v128.shuffle<f32>(a, b, 0, 1, 4, 5);
  storeUpTo(to, sum, count);
}

// @ts-ignore: decorator
@inline
function extremeStrip(largest: bool, p: Reduce, x: usize, y: usize, width: i32): void {
  const stride = (<usize>p.inner) << 2;
  for (; width > 0; width -= 4) {
    let m = splat(largest ? -Infinity : Infinity);
    let at = x;
    for (let i = 0; i < p.length; i++) {
      m = extreme(largest, m, v128.load(at));
      at += stride;
    }
    storeUpTo(y, m, width);
    x += 16;
    y += 16;
  }
}
