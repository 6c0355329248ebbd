// What max- and average-pooling have in common: their job, cut into chunks of rows of y, and of pictures for the gradients.

import { args, parallelFor } from './pool';
import { imagesOfChunk, rowsOfChunk, Window } from './window';

@unmanaged
export class Pooling {
  x: usize = 0; // 0 where the gradient needs none
  y: usize = 0; // of a gradient: dy
  dx: usize = 0; // of a gradient
  window: usize = 0;
  chunk: i32 = 0; // rows of y, or pictures, of a chunk
}

/** Calls `task` for chunks of rows of y. */
export function poolRows(task: u32, x: usize, y: usize, window: usize): void {
  const w = changetype<Window>(window);
  const p = begin(x, y, 0, window, rowsOfChunk(w));
  parallelFor(task, (w.batch * w.outHeight + p.chunk - 1) / p.chunk);
}

/** Calls `task` for chunks of pictures. */
export function poolImages(task: u32, x: usize, dy: usize, dx: usize, window: usize): void {
  const w = changetype<Window>(window);
  const p = begin(x, dy, dx, window, imagesOfChunk(w));
  parallelFor(task, (w.batch + p.chunk - 1) / p.chunk);
}

function begin(x: usize, y: usize, dx: usize, window: usize, chunk: i32): Pooling {
  const p = changetype<Pooling>(args());
  p.x = x;
  p.y = y;
  p.dx = dx;
  p.window = window;
  p.chunk = chunk;
  return p;
}
