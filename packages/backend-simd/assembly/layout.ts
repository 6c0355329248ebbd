// Moving elements of four bytes without changing them: transposition, gather, scatter.

import { storeUpTo, transpose4x4 } from './lanes';
import { args, parallelFor } from './pool';

@unmanaged
class Move {
  x: usize = 0;
  y: usize = 0;
  rows: i32 = 0;
  columns: i32 = 0;
  strips: i32 = 0;
}

const STRIP: i32 = 32; // rows of a chunk of a transposition
const COLUMNS: i32 = 128; // columns of a chunk of a sum of segments

/** y[b, columns, rows] = x[b, rows, columns]. */
export function transposeMatrices(x: usize, y: usize, batch: i32, rows: i32, columns: i32): void {
  const p = changetype<Move>(args());
  p.x = x;
  p.y = y;
  p.rows = rows;
  p.columns = columns;
  p.strips = (rows + STRIP - 1) / STRIP;
  const task: (chunk: i32) => void = transposeChunk;
  parallelFor(task.index, batch * p.strips);
}

function transposeChunk(chunk: i32): void {
  const p = changetype<Move>(args());
  const matrix = (<usize>(chunk / p.strips) * p.rows * p.columns) << 2;
  const first = (chunk % p.strips) * STRIP;
  const end = min(first + STRIP, p.rows);
  const fromStride = (<usize>p.columns) << 2;
  const toStride = (<usize>p.rows) << 2;
  const wholeRows = first + ((end - first) & ~3);
  const wholeColumns = p.columns & ~3;
  for (let j = 0; j < wholeColumns; j += 4) {
    for (let i = first; i < wholeRows; i += 4) {
      const from = p.x + matrix + <usize>i * fromStride + ((<usize>j) << 2);
      transpose4x4(from, fromStride, p.y + matrix + <usize>j * toStride + ((<usize>i) << 2), toStride);
    }
  }
  transposeEdge(p, matrix, wholeRows, end, 0, p.columns);
  transposeEdge(p, matrix, first, wholeRows, wholeColumns, p.columns);
}

function transposeEdge(p: Move, matrix: usize, row: i32, rowEnd: i32, column: i32, columnEnd: i32): void {
  for (let i = row; i < rowEnd; i++) {
    for (let j = column; j < columnEnd; j++) {
      const x = load<u32>(p.x + matrix + ((<usize>i * p.columns + j) << 2));
      store<u32>(p.y + matrix + ((<usize>j * p.rows + i) << 2), x);
    }
  }
}

/**
 * y[o, i, :] = x[o, indices[i], :] with rows of `rowBytes` bytes, x [outer, limit, rowBytes]. Returns the position of
 * the first index outside [0, limit), or -1.
 */
export function gather(
  x: usize, indices: usize, y: usize, outer: i32, count: i32, limit: i32, rowBytes: usize,
): i32 {
  for (let i = 0; i < count; i++) {
    if (<u32>load<i32>(indices + ((<usize>i) << 2)) >= <u32>limit) return i;
  }
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      memory.copy(y, x + <usize>load<i32>(indices + ((<usize>i) << 2)) * rowBytes, rowBytes);
      y += rowBytes;
    }
    x += <usize>limit * rowBytes;
  }
  return -1;
}

@unmanaged
class Segments {
  x: usize = 0;
  segmentOf: usize = 0;
  y: usize = 0;
  count: i32 = 0;
  segments: i32 = 0;
  inner: i32 = 0;
}

/** y[s, :] = sum of x[i, :] over the i whose segment is s; y is [segments, inner]. Segments out of range are skipped. */
export function segmentSum(x: usize, segmentOf: usize, y: usize, count: i32, segments: i32, inner: i32): void {
  const p = changetype<Segments>(args());
  p.x = x;
  p.segmentOf = segmentOf;
  p.y = y;
  p.count = count;
  p.segments = segments;
  p.inner = inner;
  memory.fill(y, 0, (<usize>segments * inner) << 2);
  const task: (chunk: i32) => void = segmentSumChunk;
  parallelFor(task.index, (inner + COLUMNS - 1) / COLUMNS);
}

function segmentSumChunk(chunk: i32): void {
  const p = changetype<Segments>(args());
  const first = chunk * COLUMNS;
  const end = min(p.inner, first + COLUMNS);
  for (let i = 0; i < p.count; i++) {
    const segment = load<i32>(p.segmentOf + ((<usize>i) << 2));
    if (<u32>segment >= <u32>p.segments) continue;
    const to = p.y + ((<usize>segment * p.inner) << 2);
    const from = p.x + ((<usize>i * p.inner) << 2);
    for (let j = first; j < end; j += 4) {
      const at = (<usize>j) << 2;
      storeUpTo(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)), end - j);
    }
  }
}

/** y[i, j] = on where j = indices[i], off elsewhere. */
export function oneHot(indices: usize, y: usize, count: i32, depth: i32, on: f32, off: f32): void {
  for (let i = 0; i < count; i++) {
    const index = load<i32>(indices + ((<usize>i) << 2));
    for (let j = 0; j < depth; j++) {
      store<f32>(y, j == index ? on : off);
      y += 4;
    }
  }
}
