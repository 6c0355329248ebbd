// Copies of blocks of elements from one arrangement to another: the body of slice, concat, pad, tile, reverse, transpose.

import { args, parallelFor } from './pool';

const CHUNK: usize = 65536; // bytes of a chunk
const SHORT: usize = 512; // bytes that a loop of our own copies sooner than memory.copy

@unmanaged
class Strided {
  from: usize = 0;
  to: usize = 0;
  run: usize = 0; // bytes that lie together on both sides
  rank: i32 = 0;
  axes: usize = 0; // rank triples (size, stride of from, stride of to) in bytes, the innermost first
  runs: i32 = 0;
  chunk: i32 = 0; // runs of a chunk
}

/** Copies runs of `run` bytes; `axes` is the address of `rank` triples (size, stride from, stride to), innermost first. */
export function copyStrided(from: usize, to: usize, run: usize, rank: i32, axes: usize): void {
  const p = changetype<Strided>(args());
  p.from = from;
  p.to = to;
  p.run = run;
  p.rank = rank;
  p.axes = axes;
  p.runs = 1;
  for (let d = 0; d < rank; d++) p.runs *= load<i32>(axes + <usize>d * 12);
  p.chunk = max(1, <i32>(CHUNK / max(16, run)));
  const oneRun: (chunk: i32) => void = runChunk;
  const manyRuns: (chunk: i32) => void = runsChunk;
  if (rank == 0) parallelFor(oneRun.index, <i32>((run + CHUNK - 1) / CHUNK));
  else parallelFor(manyRuns.index, (p.runs + p.chunk - 1) / p.chunk);
}

function runChunk(chunk: i32): void {
  const p = changetype<Strided>(args());
  const first = <usize>chunk * CHUNK;
  memory.copy(p.to + first, p.from + first, min(CHUNK, p.run - first));
}

function runsChunk(chunk: i32): void {
  const p = changetype<Strided>(args());
  const size = load<i32>(p.axes);
  const fromStride = load<usize>(p.axes, 4);
  const toStride = load<usize>(p.axes, 8);
  let first = chunk * p.chunk;
  const end = min(p.runs, first + p.chunk);
  while (first < end) {
    const skipped = first % size;
    const count = min(size - skipped, end - first);
    let from = p.from + <usize>skipped * fromStride;
    let to = p.to + <usize>skipped * toStride;
    let rest = first / size;
    for (let d = 1; d < p.rank; d++) {
      const axis = p.axes + <usize>d * 12;
      const index = rest % load<i32>(axis);
      rest /= load<i32>(axis);
      from += <usize>(index * load<i32>(axis, 4));
      to += <usize>(index * load<i32>(axis, 8));
    }
    copyRuns(from, to, fromStride, toStride, p.run, count);
    first += count;
  }
}

function copyRuns(from: usize, to: usize, fromStride: usize, toStride: usize, run: usize, count: i32): void {
  if (run == 4) {
    for (let i = 0; i < count; i++) {
      store<u32>(to, load<u32>(from));
      from += fromStride;
      to += toStride;
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    if (run >= SHORT) memory.copy(to, from, run);
    else copyShort(from, to, run);
    from += fromStride;
    to += toStride;
  }
}

// @ts-ignore: decorator
@inline
function copyShort(from: usize, to: usize, run: usize): void {
  let at: usize = 0;
  for (; at + 16 <= run; at += 16) v128.store(to + at, v128.load(from + at));
  for (; at + 4 <= run; at += 4) store<u32>(to + at, load<u32>(from + at));
  for (; at < run; at++) store<u8>(to + at, load<u8>(from + at));
}
