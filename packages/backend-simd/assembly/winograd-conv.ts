// 3 x 3 convolution of stride 1, and its derivative with respect to the input, by Winograd's F(4 x 4, 3 x 3): 36 products
// instead of 144 for each 4 x 4 pixels (Lavin and Gray 2016, section 4). A thread transforms a block of tiles, multiplies the
// block's 36 matrices [tiles, channels] by those of the transformed filter, and transforms back, all in its own cache.

import { activateRow } from './activation';
import { Convolution } from './convolution';
import { transposeMatrices } from './layout';
import { args, currentThread, parallelFor, threadCount } from './pool';
import { tile4Rows, tile6Rows } from './tile';
import { coverOutput, layTiles, pointStride, POINTS, SPAN, TILE, Tiles, transformTile } from './winograd-tiles';
import { filterPass, outputPass } from './winograd-transforms';

const BLOCK: i32 = 48; // tiles at a time at most
const BLOCK_BYTES: i32 = 1 << 20; // of a block's matrices: they stay in the second-level cache
const BLOCKS: i32 = 8; // there should be so many at least, for the threads to share

@unmanaged
class WinogradConv extends Tiles {
  filter: usize = 0; // [3, 3, channels, outputs]
  reverse: bool = false; // the filter's taps in reverse: the derivative
  outputs: i32 = 0;
  bias: usize = 0;
  activation: i32 = 0;
  y: usize = 0;
  outHeight: i32 = 0;
  outWidth: i32 = 0;
  block: i32 = 0; // tiles
  transformed: usize = 0; // the filter: [36, panels, channels, 8]
  inputStride: usize = 0; // bytes from one of the 36 matrices to the next
  sumStride: usize = 0;
  scratch: usize = 0;
  scratchBytes: usize = 0; // of one thread
}

/** y = act(x * filter + bias), for channels that are multiples of 8; `bias` may be 0. */
export function winogradConvolve(geometry: usize, x: usize, filter: usize, y: usize, bias: usize, activation: i32): void {
  const c = changetype<Convolution>(geometry);
  const p = changetype<WinogradConv>(args());
  layTiles(p, c, x);
  p.filter = filter;
  p.reverse = false;
  p.outputs = c.outChannels;
  p.activation = activation;
  p.y = y;
  p.outHeight = c.outHeight;
  p.outWidth = c.outWidth;
  run(p, bias);
}

/** dx of y = x * filter, for channels that are multiples of 8. */
export function winogradInputGrad(geometry: usize, dy: usize, filter: usize, dx: usize): void {
  const c = changetype<Convolution>(geometry);
  const swapped = heap.alloc((<usize>c.channels * c.outChannels * 9) << 2);
  transposeMatrices(filter, swapped, 9, c.channels, c.outChannels);
  const p = changetype<WinogradConv>(args());
  p.pixels = dy;
  p.height = c.outHeight;
  p.width = c.outWidth;
  p.channels = c.outChannels;
  p.padTop = 2 - c.padTop;
  p.padLeft = 2 - c.padLeft;
  p.filter = swapped;
  p.reverse = true;
  p.outputs = c.channels;
  p.activation = 0;
  p.y = dx;
  p.outHeight = c.height;
  p.outWidth = c.width;
  coverOutput(p, c.batch, c.height, c.width);
  run(p, 0);
  heap.free(swapped);
}

function run(p: WinogradConv, bias: usize): void {
  const most = max(p.channels, p.outputs);
  const fitting = BLOCK_BYTES / ((POINTS * (p.channels + p.outputs)) << 2);
  const shared = (p.tiles + BLOCKS - 1) / BLOCKS;
  p.block = max(6, (min(BLOCK, min(fitting, shared + 5)) / 6) * 6);
  p.inputStride = pointStride(p.block, p.channels);
  p.sumStride = pointStride(p.block, p.outputs);
  const tileBytes = (<usize>POINTS * most) << 2;
  p.scratchBytes = (<usize>POINTS * (p.inputStride + p.sumStride) + tileBytes + 127) & ~63;
  p.scratch = heap.alloc(p.scratchBytes * <usize>threadCount());
  p.zeros = heap.alloc((<usize>most) << 2);
  memory.fill(p.zeros, 0, (<usize>most) << 2);
  p.bias = bias ? bias : p.zeros;
  p.transformed = heap.alloc((<usize>POINTS * p.channels * p.outputs) << 2);
  const filters: (channel: i32) => void = transformFilters;
  parallelFor(filters.index, p.channels / 8);
  const blocks: (chunk: i32) => void = convolveBlock;
  parallelFor(blocks.index, (p.tiles + p.block - 1) / p.block);
  heap.free(p.transformed);
  heap.free(p.zeros);
  heap.free(p.scratch);
}

/** The transformed filters of eight input channels. */
function transformFilters(chunk: i32): void {
  const p = changetype<WinogradConv>(args());
  const row = (<usize>p.outputs) << 2;
  const tap = <usize>p.channels * row;
  const scratch = p.scratch + <usize>currentThread() * p.scratchBytes;
  const pointBytes = tap; // as many numbers as a tap of the filter
  const panelBytes = (<usize>p.channels) << 5;
  const groups = p.outputs >> 3;
  for (let channel = chunk * 8; channel < chunk * 8 + 8; channel++) {
    const from = p.filter + <usize>channel * row;
    for (let j = 0; j < 3; j++) {
      const first = from + <usize>(p.reverse ? 8 - j : j) * tap;
      const step = p.reverse ? -3 * tap : 3 * tap;
      filterPass(first, first + step, first + 2 * step, scratch + <usize>j * row, 3 * row, 32, groups);
    }
    const to = p.transformed + ((<usize>channel) << 5);
    for (let i = 0; i < SPAN; i++) {
      const g = scratch + <usize>(3 * i) * row;
      filterPass(g, g + row, g + 2 * row, to + <usize>(i * SPAN) * pointBytes, pointBytes, panelBytes, groups);
    }
  }
}

function convolveBlock(chunk: i32): void {
  const p = changetype<WinogradConv>(args());
  const inputs = p.scratch + <usize>currentThread() * p.scratchBytes;
  const sums = inputs + POINTS * p.inputStride;
  const scratch = sums + POINTS * p.sumStride;
  const first = chunk * p.block;
  const count = min(p.block, p.tiles - first);
  const rowBytes = (<usize>p.channels) << 2;
  for (let t = 0; t < count; t++) transformTile(p, first + t, inputs + <usize>t * rowBytes, p.inputStride, scratch);
  multiplyPoints(p, inputs, sums, count);
  for (let t = 0; t < count; t++) writeTile(p, first + t, sums + (<usize>(t * p.outputs) << 2), scratch);
}

/** The 36 products of a block. Rows past `count`, in the last tile of rows, are of no account. */
function multiplyPoints(p: WinogradConv, inputs: usize, sums: usize, count: i32): void {
  const lda = (<usize>p.channels) << 2;
  const ldc = (<usize>p.outputs) << 2;
  const panelBytes = (<usize>p.channels) << 5;
  const panels = p.outputs >> 3;
  let b = p.transformed;
  for (let point = 0; point < POINTS; point++) {
    for (let row = 0; row < count; ) {
      const four = count - row <= 4;
      const a = inputs + <usize>row * lda;
      const c = sums + <usize>row * ldc;
      for (let panel = 0; panel < panels; panel++) {
        const from = b + <usize>panel * panelBytes;
        const to = c + ((<usize>panel) << 5);
        if (four) tile4Rows(a, lda, from, p.channels, to, ldc, p.zeros);
        else tile6Rows(a, lda, from, p.channels, to, ldc, p.zeros);
      }
      row += four ? 4 : 6;
    }
    b += <usize>panels * panelBytes;
    inputs += p.inputStride;
    sums += p.sumStride;
  }
}

/** Transforms a tile's sums back and writes those of its pixels that exist. */
function writeTile(p: WinogradConv, tile: i32, sums: usize, scratch: usize): void {
  const perImage = p.tilesY * p.tilesX;
  const image = tile / perImage;
  const inImage = tile - image * perImage;
  const tileY = inImage / p.tilesX;
  const y = tileY * TILE;
  const x = (inImage - tileY * p.tilesX) * TILE;
  const pixelBytes = (<usize>p.outputs) << 2;
  for (let j = 0; j < SPAN; j++) {
    const from = sums + <usize>j * p.sumStride;
    outputPass(from, SPAN * p.sumStride, scratch + <usize>j * pixelBytes, SPAN * pixelBytes, p.zeros, p.outputs);
  }
  const rows = min(TILE, p.outHeight - y);
  const columns = min(TILE, p.outWidth - x);
  const row = scratch + <usize>(TILE * SPAN) * pixelBytes;
  for (let i = 0; i < rows; i++) {
    const pixel = (<usize>image * <usize>p.outHeight + <usize>(y + i)) * <usize>p.outWidth + <usize>x;
    const place = p.y + pixel * pixelBytes;
    const to = columns == TILE ? place : row;
    outputPass(scratch + <usize>(i * SPAN) * pixelBytes, pixelBytes, to, pixelBytes, p.bias, p.outputs);
    if (p.activation) activateRow(p.activation, to, TILE * p.outputs);
    if (to != place) memory.copy(place, to, <usize>columns * pixelBytes);
  }
}
