// What a dense layer's backward pass needs between its two products, in one pass over the data: the derivative before the
// activation, and its sum over the batch, which is the derivative with respect to the bias.

import { derivative, LINEAR, RELU, SIGMOID } from './activation';
import { lower, upper } from './column-sums';
import { storeUpTo } from './lanes';
import { args, currentThread, parallelFor, threadCount } from './pool';
import { storeSum } from './reduce';

const WIDEST: i32 = 128; // columns at a time: rows long enough for the processor to fetch ahead
const NARROWEST: i32 = 16; // whole cache lines
const CHUNK: i32 = 32768; // elements a chunk should have: fewer cost less than to hand them over

@unmanaged
class DenseGrad {
  activation: i32 = 0;
  y: usize = 0;
  dy: usize = 0;
  dSum: usize = 0;
  dBias: usize = 0;
  rows: i32 = 0;
  columns: i32 = 0;
  width: i32 = 0; // columns of a chunk
  sums: usize = 0; // f64 for each column of a chunk, by thread
}

/**
 * dSum = dy act'(y) and dBias = the column sums of dSum (in float64), for y, dy and dSum [rows, columns]. The activation
 * is ReLU, act' = [y > 0]; the logistic function, act' = y (1 - y); or none. dSum may stand where dy does.
 */
export function denseActivationGrad(
  activation: i32, y: usize, dy: usize, dSum: usize, dBias: usize, rows: i32, columns: i32,
): void {
  const p = changetype<DenseGrad>(args());
  p.activation = activation;
  p.y = y;
  p.dy = dy;
  p.dSum = dSum;
  p.dBias = dBias;
  p.rows = rows;
  p.columns = columns;
  p.width = min(WIDEST, max(NARROWEST, (CHUNK / max(1, rows)) & ~(NARROWEST - 1)));
  p.sums = heap.alloc(<usize>threadCount() * WIDEST * 8);
  const task: (chunk: i32) => void = gradChunk;
  parallelFor(task.index, (columns + p.width - 1) / p.width);
  heap.free(p.sums);
}

function gradChunk(chunk: i32): void {
  const p = changetype<DenseGrad>(args());
  const column = chunk * p.width;
  const width = min(p.width, p.columns - column);
  const sums = p.sums + <usize>currentThread() * WIDEST * 8;
  memory.fill(sums, 0, WIDEST * 8);
  if (p.activation == RELU) strip(RELU, p, column, width, sums);
  else if (p.activation == SIGMOID) strip(SIGMOID, p, column, width, sums);
  else strip(LINEAR, p, column, width, sums);
  const one = f64x2.splat(1);
  for (let j = 0; j < width; j += 4) {
    const sum = sums + ((<usize>j) << 3);
    storeSum(p.dBias + ((<usize>(column + j)) << 2), v128.load(sum), v128.load(sum, 16), one, width - j);
  }
}

/** Row by row, four at a time, while the sums stay in the first-level cache. */
// @ts-ignore: decorator
@inline
function strip(activation: i32, p: DenseGrad, column: i32, width: i32, sums: usize): void {
  const stride = (<usize>p.columns) << 2;
  const start = (<usize>column) << 2;
  let i = 0;
  for (; i + 4 <= p.rows; i += 4) fourRows(activation, p, start + <usize>i * stride, stride, width, sums);
  for (; i < p.rows; i++) {
    for (let j = 0; j < width; j += 4) {
      const at = start + <usize>i * stride + ((<usize>j) << 2);
      const d = derivativeAt(activation, p, at, width - j);
      const sum = sums + ((<usize>j) << 3);
      v128.store(sum, f64x2.add(v128.load(sum), lower(d)));
      v128.store(sum, f64x2.add(v128.load(sum, 16), upper(d)), 16);
    }
  }
}

// @ts-ignore: decorator
@inline
function fourRows(activation: i32, p: DenseGrad, start: usize, stride: usize, width: i32, sums: usize): void {
  for (let j = 0; j < width; j += 4) {
    const at = start + ((<usize>j) << 2);
    const d0 = derivativeAt(activation, p, at, width - j);
    const d1 = derivativeAt(activation, p, at + stride, width - j);
    const d2 = derivativeAt(activation, p, at + 2 * stride, width - j);
    const d3 = derivativeAt(activation, p, at + 3 * stride, width - j);
    const sum = sums + ((<usize>j) << 3);
    const low = f64x2.add(f64x2.add(lower(d0), lower(d1)), f64x2.add(lower(d2), lower(d3)));
    const high = f64x2.add(f64x2.add(upper(d0), upper(d1)), f64x2.add(upper(d2), upper(d3)));
    v128.store(sum, f64x2.add(v128.load(sum), low));
    v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16);
  }
}

/** The derivative of up to four elements at a distance from the start, which is stored there, too. */
// @ts-ignore: decorator
@inline
function derivativeAt(activation: i32, p: DenseGrad, at: usize, count: i32): v128 {
  const d = derivative(activation, v128.load(p.y + at), v128.load(p.dy + at));
  storeUpTo(p.dSum + at, d, count);
  return d;
}
