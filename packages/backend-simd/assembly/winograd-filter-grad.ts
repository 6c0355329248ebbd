// The derivative of a 3 x 3 convolution of stride 1 with respect to its filter, by Winograd's F(3 x 3, 4 x 4): a tile of the
// input, filtered by the 4 x 4 derivatives of its output, yields 3 x 3 taps, and the tiles' sum is taken before transforming
// back. As in conv-filter-grad.ts, tiles are cut into parts, each with its own sums.

import { Convolution } from './convolution';
import { args, currentThread, parallelFor, threadCount } from './pool';
import { addTile4Columns, addTile6Columns } from './tile';
import { layTiles, pixelOf, pointStride, POINTS, SPAN, TILE, Tiles, transformTile } from './winograd-tiles';
import { filterGradPass, gradientPass } from './winograd-transforms';

const BLOCK: i32 = 48; // tiles at a time at most
const BLOCK_BYTES: i32 = 1 << 20; // of a block's matrices
const LEAST_PARTS: i32 = 4; // for the threads to share
const MOST_PARTS: i32 = 8;
const SUMS: i32 = 1 << 19; // elements that all parts' sums had best not exceed: they pass through the cache

@unmanaged
class WinogradFilterGrad extends Tiles {
  dy: usize = 0;
  gradients: usize = 0; // dy as the tiles see it
  dFilter: usize = 0;
  outputs: i32 = 0;
  parts: i32 = 0;
  perPart: i32 = 0; // tiles
  block: i32 = 0; // tiles
  inputStride: usize = 0; // bytes from one of the 36 matrices to the next
  gradientStride: usize = 0;
  sums: usize = 0; // [parts, 36, panels, channels, 8]
  scratch: usize = 0;
  scratchBytes: usize = 0; // of one thread
}

/** dFilter of y = x * filter, for channels that are multiples of 8. */
export function winogradFilterGrad(geometry: usize, x: usize, dy: usize, dFilter: usize): void {
  const c = changetype<Convolution>(geometry);
  const p = changetype<WinogradFilterGrad>(args());
  layTiles(p, c, x);
  p.dy = dy;
  p.dFilter = dFilter;
  p.outputs = c.outChannels;
  cutIntoParts(p);
  const most = max(p.channels, p.outputs);
  p.zeros = heap.alloc((<usize>most) << 2);
  memory.fill(p.zeros, 0, (<usize>most) << 2);
  const gradients = heap.alloc(offsetof<Tiles>());
  p.gradients = gradients;
  const d = changetype<Tiles>(gradients);
  d.pixels = dy;
  d.height = c.outHeight;
  d.width = c.outWidth;
  d.channels = c.outChannels;
  d.tilesY = p.tilesY;
  d.tilesX = p.tilesX;
  d.zeros = p.zeros;
  p.sums = heap.alloc((<usize>p.parts * POINTS * p.channels * p.outputs) << 2);
  const tileBytes = (<usize>POINTS * most) << 2;
  p.scratchBytes = (<usize>POINTS * (p.inputStride + p.gradientStride) + tileBytes + 127) & ~63;
  p.scratch = heap.alloc(p.scratchBytes * <usize>threadCount());
  const sum: (part: i32) => void = sumPart;
  parallelFor(sum.index, p.parts);
  const finish: (channel: i32) => void = finishChannel;
  parallelFor(finish.index, p.channels);
  heap.free(p.scratch);
  heap.free(p.sums);
  heap.free(gradients);
  heap.free(p.zeros);
}

function cutIntoParts(p: WinogradFilterGrad): void {
  const fitting = BLOCK_BYTES / ((POINTS * (p.channels + p.outputs)) << 2);
  p.block = max(4, min(BLOCK, min(fitting, p.tiles)));
  const blocks = (p.tiles + p.block - 1) / p.block;
  const parts = max(LEAST_PARTS, min(MOST_PARTS, SUMS / (POINTS * p.channels * p.outputs)));
  p.perPart = max(1, (blocks + parts - 1) / parts) * p.block;
  p.parts = max(1, (p.tiles + p.perPart - 1) / p.perPart);
  p.inputStride = pointStride(p.block, p.channels);
  p.gradientStride = pointStride(p.block, p.outputs);
}

function sumPart(part: i32): void {
  const p = changetype<WinogradFilterGrad>(args());
  const inputs = p.scratch + <usize>currentThread() * p.scratchBytes;
  const gradients = inputs + POINTS * p.inputStride;
  const scratch = gradients + POINTS * p.gradientStride;
  const sumBytes = (<usize>POINTS * p.channels * p.outputs) << 2;
  const sums = p.sums + <usize>part * sumBytes;
  memory.fill(sums, 0, sumBytes);
  const rowBytes = (<usize>p.channels) << 2;
  const end = min(p.tiles, (part + 1) * p.perPart);
  for (let first = part * p.perPart; first < end; first += p.block) {
    const count = min(p.block, end - first);
    for (let t = 0; t < count; t++) {
      transformTile(p, first + t, inputs + <usize>t * rowBytes, p.inputStride, scratch);
      transformGradient(p, first + t, gradients + (<usize>t << 5), scratch);
    }
    addPoints(p, inputs, gradients, count, sums);
  }
}

/** The transformed derivatives of a tile's output, to [36, panels, tiles of a block, 8]. */
function transformGradient(p: WinogradFilterGrad, tile: i32, to: usize, scratch: usize): void {
  const d = changetype<Tiles>(p.gradients);
  const perImage = d.tilesY * d.tilesX;
  const image = tile / perImage;
  const inImage = tile - image * perImage;
  const tileY = inImage / d.tilesX;
  const y = tileY * TILE;
  const x = (inImage - tileY * d.tilesX) * TILE;
  const pixelBytes = (<usize>p.outputs) << 2;
  const groups = p.outputs >> 3;
  for (let j = 0; j < TILE; j++) {
    gradientPass(
      pixelOf(d, image, y, x + j), pixelOf(d, image, y + 1, x + j),
      pixelOf(d, image, y + 2, x + j), pixelOf(d, image, y + 3, x + j),
      scratch + <usize>j * pixelBytes, TILE * pixelBytes, 32, groups,
    );
  }
  const panelBytes = (<usize>p.block) << 5;
  for (let i = 0; i < SPAN; i++) {
    const row = scratch + <usize>(i * TILE) * pixelBytes;
    gradientPass(
      row, row + pixelBytes, row + 2 * pixelBytes, row + 3 * pixelBytes,
      to + <usize>(i * SPAN) * p.gradientStride, p.gradientStride, panelBytes, groups,
    );
  }
}

/** Adds the 36 products of a block, [channels, tiles] by [tiles, outputs]. */
function addPoints(p: WinogradFilterGrad, inputs: usize, gradients: usize, count: i32, sums: usize): void {
  const lda = (<usize>p.channels) << 2;
  const panels = p.outputs >> 3;
  const sumPanel = (<usize>p.channels) << 5;
  const sixes = p.channels % 6 == 2 ? p.channels - 8 : p.channels - 4 * ((p.channels % 6) / 4);
  for (let point = 0; point < POINTS; point++) {
    for (let row = 0; row < p.channels; ) {
      const a = inputs + ((<usize>row) << 2);
      for (let panel = 0; panel < panels; panel++) {
        const b = gradients + ((<usize>panel * p.block) << 5);
        const c = sums + <usize>panel * sumPanel + ((<usize>row) << 5);
        if (row < sixes) addTile6Columns(a, lda, b, count, c);
        else addTile4Columns(a, lda, b, count, c);
      }
      row += row < sixes ? 6 : 4;
    }
    inputs += p.inputStride;
    gradients += p.gradientStride;
    sums += <usize>panels * sumPanel;
  }
}

/** The derivative of the filters of one input channel, from the parts' sums, taken in order. */
function finishChannel(channel: i32): void {
  const p = changetype<WinogradFilterGrad>(args());
  const rowBytes = (<usize>p.outputs) << 2;
  const points = p.scratch + <usize>currentThread() * p.scratchBytes;
  const scratch = points + POINTS * rowBytes;
  const partBytes = (<usize>POINTS * p.channels * p.outputs) << 2;
  const panels = POINTS * (p.outputs >> 3); // of all points
  for (let panel = 0; panel < panels; panel++) {
    let from = p.sums + ((<usize>panel * p.channels + channel) << 5);
    let s0 = v128.load(from), s1 = v128.load(from, 16);
    for (let part = 1; part < p.parts; part++) {
      from += partBytes;
      s0 = f32x4.add(s0, v128.load(from));
      s1 = f32x4.add(s1, v128.load(from, 16));
    }
    v128.store(points + ((<usize>panel) << 5), s0);
    v128.store(points + ((<usize>panel) << 5), s1, 16);
  }
  for (let j = 0; j < SPAN; j++) {
    const from = points + <usize>j * rowBytes;
    filterGradPass(from, SPAN * rowBytes, scratch + <usize>j * rowBytes, SPAN * rowBytes, p.outputs);
  }
  const tap = <usize>p.channels * rowBytes;
  const to = p.dFilter + <usize>channel * rowBytes;
  for (let i = 0; i < 3; i++) {
    const from = scratch + <usize>(i * SPAN) * rowBytes;
    filterGradPass(from, rowBytes, to + <usize>(3 * i) * tap, tap, p.outputs);
  }
}
