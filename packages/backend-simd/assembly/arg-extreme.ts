// Where the largest or smallest number along a dimension stands: x is [outer, length, inner]. Of equals the first counts;
// NaN is passed over unless it is the first of all, as in tfjs's cpu kernels.

import { storeUpTo } from './lanes';
import { args, parallelFor } from './pool';

const CHUNK: i32 = 16384; // numbers of a chunk
const STRIP: i32 = 64; // columns of a chunk

@unmanaged
class ArgExtreme {
  x: usize = 0;
  y: usize = 0;
  outer: i32 = 0;
  length: i32 = 0;
  inner: i32 = 0;
  strips: i32 = 0;
  largest: i32 = 0; // 1 for the largest, 0 for the smallest
  chunk: i32 = 0; // rows of a chunk
}

/** y[outer, inner] = the index along `length` of the largest (or smallest) number; 32-bit integers. */
export function argExtreme(largest: i32, x: usize, y: usize, outer: i32, length: i32, inner: i32): void {
  const p = changetype<ArgExtreme>(args());
  p.x = x;
  p.y = y;
  p.outer = outer;
  p.length = length;
  p.inner = inner;
  p.largest = largest;
  p.strips = (inner + STRIP - 1) / STRIP;
  p.chunk = max(1, CHUNK / max(1, length));
  const byRows: (chunk: i32) => void = rowsChunk;
  const byColumns: (chunk: i32) => void = columnsChunk;
  if (inner == 1) parallelFor(byRows.index, (outer + p.chunk - 1) / p.chunk);
  else parallelFor(byColumns.index, outer * p.strips);
}

function rowsChunk(chunk: i32): void {
  const p = changetype<ArgExtreme>(args());
  const end = min(p.outer, (chunk + 1) * p.chunk);
  for (let row = chunk * p.chunk; row < end; row++) {
    const x = p.x + ((<usize>row * p.length) << 2);
    store<i32>(p.y + ((<usize>row) << 2), p.largest ? argOfRow(true, x, p.length) : argOfRow(false, x, p.length));
  }
}

// @ts-ignore: decorator
@inline
function better(largest: bool, a: v128, b: v128): v128 {
  return largest ? f32x4.gt(a, b) : f32x4.lt(a, b);
}

// @ts-ignore: decorator
@inline
function argOfRow(largest: bool, x: usize, length: i32): i32 {
  let best = v128.load_splat<f32>(x);
  let where = i32x4.splat(0);
  let here = i32x4(0, 1, 2, 3);
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const v = v128.load(x + ((<usize>i) << 2));
    const found = better(largest, v, best);
    best = v128.bitselect(v, best, found);
    where = v128.bitselect(here, where, found);
    here = i32x4.add(here, i32x4.splat(4));
  }
  let value = f32x4.extract_lane(best, 0);
  let index = i32x4.extract_lane(where, 0);
  for (let lane = 1; lane < 4; lane++) {
    best = v128.shuffle<f32>(best, best, 1, 2, 3, 0);
    where = v128.shuffle<f32>(where, where, 1, 2, 3, 0);
    const other = f32x4.extract_lane(best, 0);
    const at = i32x4.extract_lane(where, 0);
    if ((largest ? other > value : other < value) || (other == value && at < index)) {
      value = other;
      index = at;
    }
  }
  for (let i = whole; i < length; i++) {
    const other = load<f32>(x + ((<usize>i) << 2));
    if (largest ? other > value : other < value) {
      value = other;
      index = i;
    }
  }
  return index;
}

function columnsChunk(chunk: i32): void {
  const p = changetype<ArgExtreme>(args());
  const outer = chunk / p.strips;
  const first = (chunk % p.strips) * STRIP;
  const end = min(p.inner, first + STRIP);
  for (let column = first; column < end; column += 4) {
    const x = p.x + ((<usize>outer * p.length * p.inner + column) << 2);
    const y = p.y + ((<usize>outer * p.inner + column) << 2);
    const where = p.largest ? argOfColumns(true, x, p.length, p.inner) : argOfColumns(false, x, p.length, p.inner);
    storeUpTo(y, where, end - column);
  }
}

// @ts-ignore: decorator
@inline
function argOfColumns(largest: bool, x: usize, length: i32, inner: i32): v128 {
  let best = v128.load(x);
  let where = i32x4.splat(0);
  for (let i = 1; i < length; i++) {
    x += (<usize>inner) << 2;
    const v = v128.load(x);
    const found = better(largest, v, best);
    best = v128.bitselect(v, best, found);
    where = v128.bitselect(i32x4.splat(i), where, found);
  }
  return where;
}
