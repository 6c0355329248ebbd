// Moving elements of four bytes without changing them: copies of rows, transposition, gather, scatter.

import { transpose4x4 } from './lanes';
import { args, parallelFor } from './pool';

@unmanaged
class Move {
  x: usize = 0;
  y: usize = 0;
  rows: i32 = 0;
  columns: i32 = 0;
  strips: i32 = 0;
}

@unmanaged
class Copy {
  from: usize = 0;
  fromStride: usize = 0;
  to: usize = 0;
  toStride: usize = 0;
  rowBytes: usize = 0;
  rows: i32 = 0;
  chunk: i32 = 0; // rows of a chunk
}

const COPY_BYTES: usize = 65536; // bytes of a chunk
const STRIP: i32 = 32; // rows of a chunk of a transposition

/** `rows` rows of `rowBytes` bytes from one pitch to another: the body of slice, concat and pad. */
export function copyRows(from: usize, fromStride: usize, to: usize, toStride: usize, rowBytes: usize, rows: i32): void {
  const p = changetype<Copy>(args());
  const dense = fromStride == rowBytes && toStride == rowBytes;
  p.from = from;
  p.fromStride = fromStride;
  p.to = to;
  p.toStride = toStride;
  p.rowBytes = rowBytes;
  p.rows = rows;
  p.chunk = max(1, <i32>(COPY_BYTES / max(1, rowBytes)));
  const whole: (chunk: i32) => void = copyBytesChunk;
  const byRows: (chunk: i32) => void = copyRowsChunk;
  const bytes = rowBytes * <usize>rows;
  if (dense) parallelFor(whole.index, <i32>((bytes + COPY_BYTES - 1) / COPY_BYTES));
  else parallelFor(byRows.index, (rows + p.chunk - 1) / p.chunk);
}

function copyBytesChunk(chunk: i32): void {
  const p = changetype<Copy>(args());
  const first = <usize>chunk * COPY_BYTES;
  memory.copy(p.to + first, p.from + first, min(COPY_BYTES, p.rowBytes * <usize>p.rows - first));
}

function copyRowsChunk(chunk: i32): void {
  const p = changetype<Copy>(args());
  const end = min(p.rows, (chunk + 1) * p.chunk);
  for (let i = chunk * p.chunk; i < end; i++) {
    memory.copy(p.to + <usize>i * p.toStride, p.from + <usize>i * p.fromStride, p.rowBytes);
  }
}

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
 * y = x with its elements taken in the order of y's dimensions: `dims` is the address of `rank` pairs (size, stride in
 * x), the outermost first.
 */
export function permute(x: usize, y: usize, rank: i32, dims: usize): void {
  permuteFrom(x, y, rank, dims);
}

function permuteFrom(x: usize, y: usize, rank: i32, dims: usize): usize {
  const size = load<i32>(dims);
  const stride = (<usize>load<i32>(dims, 4)) << 2;
  if (rank > 1) {
    for (let i = 0; i < size; i++) {
      y = permuteFrom(x, y, rank - 1, dims + 8);
      x += stride;
    }
    return y;
  }
  for (let i = 0; i < size; i++) {
    store<u32>(y, load<u32>(x));
    x += stride;
    y += 4;
  }
  return y;
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

/** y[s, :] = sum of x[i, :] over the i whose segment is s; y is [segments, inner]. Segments out of range are skipped. */
export function segmentSum(x: usize, segmentOf: usize, y: usize, count: i32, segments: i32, inner: i32): void {
  memory.fill(y, 0, (<usize>segments * inner) << 2);
  for (let i = 0; i < count; i++) {
    const segment = load<i32>(segmentOf + ((<usize>i) << 2));
    if (<u32>segment >= <u32>segments) continue;
    const to = y + ((<usize>segment * inner) << 2);
    const from = x + ((<usize>i * inner) << 2);
    for (let j = 0; j < inner; j++) {
      const at = (<usize>j) << 2;
      store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
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

/** Floats of 32-bit integers. */
export function int32ToFloat(x: usize, y: usize, count: i32): void {
  for (let i: usize = 0; i < (<usize>count) << 2; i += 16) v128.store(y + i, f32x4.convert_i32x4_s(v128.load(x + i)));
}

/** Floats of bytes. */
export function byteToFloat(x: usize, y: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i += 4) {
    const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x + i)));
    v128.store(y + (i << 2), f32x4.convert_i32x4_u(wide));
  }
}
