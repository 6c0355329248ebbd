// One number over and over, around other numbers or alone.

import { splat } from './math';
import { args, parallelFor } from './pool';

const CHUNK: i32 = 16384; // numbers of a chunk

@unmanaged
class Fill {
  from: usize = 0;
  to: usize = 0;
  value: f32 = 0;
  count: i32 = 0; // numbers, or rows
  before: i32 = 0;
  inner: i32 = 0;
  after: i32 = 0;
  chunk: i32 = 0; // rows of a chunk
}

/** to[i] = value. */
export function fill32(to: usize, count: i32, value: f32): void {
  const p = changetype<Fill>(args());
  p.to = to;
  p.count = count;
  p.value = value;
  const task: (chunk: i32) => void = fillChunk;
  parallelFor(task.index, (count + CHUNK - 1) / CHUNK);
}

function fillChunk(chunk: i32): void {
  const p = changetype<Fill>(args());
  const first = chunk * CHUNK;
  fillWords(p.to + ((<usize>first) << 2), min(CHUNK, p.count - first), p.value);
}

function fillWords(to: usize, count: i32, value: f32): void {
  const end = to + ((<usize>count) << 2);
  for (; to + 16 <= end; to += 16) v128.store(to, splat(value));
  for (; to < end; to += 4) store<f32>(to, value);
}

/** Rows of `inner` numbers with `value` `before` times in front of them and `after` times behind. */
export function padRows(from: usize, to: usize, rows: i32, before: i32, inner: i32, after: i32, value: f32): void {
  const p = changetype<Fill>(args());
  p.from = from;
  p.to = to;
  p.count = rows;
  p.before = before;
  p.inner = inner;
  p.after = after;
  p.value = value;
  p.chunk = max(1, CHUNK / max(1, before + inner + after));
  const task: (chunk: i32) => void = padChunk;
  parallelFor(task.index, (rows + p.chunk - 1) / p.chunk);
}

function padChunk(chunk: i32): void {
  const p = changetype<Fill>(args());
  const first = chunk * p.chunk;
  const end = min(p.count, first + p.chunk);
  const bytes = (<usize>p.inner) << 2;
  let from = p.from + <usize>first * bytes;
  let to = p.to + ((<usize>first * (p.before + p.inner + p.after)) << 2);
  for (let row = first; row < end; row++) {
    fillWords(to, p.before, p.value);
    to += (<usize>p.before) << 2;
    memory.copy(to, from, bytes);
    to += bytes;
    from += bytes;
    fillWords(to, p.after, p.value);
    to += (<usize>p.after) << 2;
  }
}
