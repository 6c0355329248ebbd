// What a matrix product is about, and how it is cut up: in the area of a job's arguments, where every thread finds it.

import { args } from './pool';

export const PANEL: i32 = 8; // columns of a packed panel of B
export const INNER: i32 = 1024; // inner steps at a time: a panel of 32 kB stays in the first-level cache
export const TILE_BYTES: usize = 256; // a partial tile and 8 start values

@unmanaged
export class Product {
  a: usize = 0;
  second: usize = 0; // 0, or where A, transposed, goes on after `split` of its rows
  split: i32 = 0;
  onlyLarge: bool = false; // A, transposed, has zeros for what is under 2^-80
  b: usize = 0;
  c: usize = 0;
  bias: usize = 0; // 0: none
  m: i32 = 0;
  n: i32 = 0;
  k: i32 = 0;
  transposeA: i32 = 0;
  transposeB: i32 = 0;
  activation: i32 = 0;
  y: usize = 0; // 0: the activation is applied; else C is multiplied by its derivative where its values are y, laid out as C
  sums: usize = 0; // 0, or where the sums of B's columns go
  strideA: usize = 0; // bytes from one matrix of the batch to the next; 0 uses one for all
  strideB: usize = 0;
  strideC: usize = 0;
  matrices: i32 = 0; // of the batch, that are multiplied at a time
  column: i32 = 0; // the slab being multiplied: columns from here
  columnEnd: i32 = 0;
  panels: i32 = 0; // panels of the slab
  inner: i32 = 0; // inner steps from here
  parts: i32 = 0; // of the inner dimension, multiplied side by side and then added up
  steps: i32 = 0; // inner steps of a part
  rows: i32 = 0; // rows of a chunk
  bands: i32 = 0;
  group: i32 = 0; // panels of a chunk
  groups: i32 = 0;
  others: usize = 0; // what the second part adds to C
  packed: usize = 0; // panels of B[inner.., column..], by matrix or part; 0: each thread has its own, in its scratch area
  scratch: usize = 0; // of every thread: a tile, columns of A, and if it packs for itself: a flag for each group, its panels
  scratchBytes: usize = 0; // of one thread
  flags: usize = 0; // where they are in it
  own: usize = 0;
  partial: usize = 0; // float64 sums of B's columns so far
}

/** What the next product is to be described in, asking for nothing but A B yet. */
export function describeProduct(a: usize, b: usize, c: usize, m: i32, n: i32, k: i32): Product {
  const p = changetype<Product>(args());
  p.a = a;
  p.second = 0;
  p.split = k;
  p.onlyLarge = false;
  p.b = b;
  p.c = c;
  p.bias = 0;
  p.m = m;
  p.n = n;
  p.k = k;
  p.transposeA = 0;
  p.transposeB = 0;
  p.activation = 0;
  p.y = 0;
  p.sums = 0;
  p.strideA = 0;
  p.strideB = 0;
  p.strideC = ((<usize>m) * (<usize>n)) << 2;
  return p;
}
