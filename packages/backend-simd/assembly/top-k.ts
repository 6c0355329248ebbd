// The largest numbers of each row, in order; of equals the first comes first.

import { args, parallelFor } from './pool';

const CHUNK: i32 = 8192; // numbers of a chunk

@unmanaged
class TopK {
  x: usize = 0;
  values: usize = 0;
  indices: usize = 0;
  rows: i32 = 0;
  length: i32 = 0;
  k: i32 = 0;
  chunk: i32 = 0; // rows of a chunk
}

/** values, indices [rows, k] of the k largest of each row of x [rows, length]. */
export function topK(x: usize, values: usize, indices: usize, rows: i32, length: i32, k: i32): void {
  const p = changetype<TopK>(args());
  p.x = x;
  p.values = values;
  p.indices = indices;
  p.rows = rows;
  p.length = length;
  p.k = k;
  p.chunk = max(1, CHUNK / max(1, length));
  const task: (chunk: i32) => void = topKChunk;
  parallelFor(task.index, (rows + p.chunk - 1) / p.chunk);
}

function topKChunk(chunk: i32): void {
  const p = changetype<TopK>(args());
  const end = min(p.rows, (chunk + 1) * p.chunk);
  for (let row = chunk * p.chunk; row < end; row++) {
    const out = (<usize>(row * p.k)) << 2;
    topOfRow(p.x + ((<usize>row * p.length) << 2), p.values + out, p.indices + out, p.length, p.k);
  }
}

/** Inserts each number that is larger than the last one kept; most are not. */
function topOfRow(x: usize, values: usize, indices: usize, length: i32, k: i32): void {
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const value = load<f32>(x + ((<usize>i) << 2));
    if (kept == k && !(value > load<f32>(values + ((<usize>(k - 1)) << 2)))) continue;
    if (kept < k) kept++;
    let at = (<usize>(kept - 1)) << 2;
    for (; at > 0 && value > load<f32>(values + at - 4); at -= 4) {
      store<f32>(values + at, load<f32>(values + at - 4));
      store<i32>(indices + at, load<i32>(indices + at - 4));
    }
    store<f32>(values + at, value);
    store<i32>(indices + at, i);
  }
}
