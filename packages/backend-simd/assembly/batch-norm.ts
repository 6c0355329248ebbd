// Batch normalisation with statistics that are given (Ioffe and Szegedy 2015), over rows of channels.

import { normaliseRows, padded } from './group-norm';
import { args, parallelFor } from './pool';

const CHUNK: i32 = 16384; // elements of a chunk

@unmanaged
class BatchNorm {
  x: usize = 0;
  y: usize = 0;
  rows: i32 = 0;
  channels: i32 = 0;
  chunk: i32 = 0; // rows of a chunk
  tables: usize = 0; // f32 [3, padded channels]: -mean, scale / sqrt(variance + epsilon), offset
}

/** y = (x - mean) scale / sqrt(variance + epsilon) + offset, x and y [rows, channels]; offset and scale may be 0, for none. */
export function batchNorm(
  x: usize, mean: usize, variance: usize, offset: usize, scale: usize, y: usize,
  rows: i32, channels: i32, epsilon: f64,
): void {
  const p = changetype<BatchNorm>(args());
  const vector = (<usize>padded(channels)) << 2;
  const tables = heap.alloc(3 * vector);
  for (let at: usize = 0; at < (<usize>channels) << 2; at += 4) {
    store<f32>(tables + at, -load<f32>(mean + at));
    const factor: f64 = scale ? <f64>load<f32>(scale + at) : 1;
    store<f32>(tables + vector + at, <f32>(factor / Math.sqrt(<f64>load<f32>(variance + at) + epsilon)));
    store<f32>(tables + 2 * vector + at, offset ? load<f32>(offset + at) : 0);
  }
  p.x = x;
  p.y = y;
  p.rows = rows;
  p.channels = channels;
  p.chunk = max(1, CHUNK / channels);
  p.tables = tables;
  const task: (chunk: i32) => void = normChunk;
  parallelFor(task.index, (rows + p.chunk - 1) / p.chunk);
  heap.free(tables);
}

function normChunk(chunk: i32): void {
  const p = changetype<BatchNorm>(args());
  const first = chunk * p.chunk;
  const at = (<usize>first * p.channels) << 2;
  const vector = (<usize>padded(p.channels)) << 2;
  const rows = min(p.chunk, p.rows - first);
  normaliseRows(false, p.x + at, p.y + at, rows, p.channels, p.tables, p.tables + vector, p.tables + 2 * vector);
}
