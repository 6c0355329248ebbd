// Convolution and its derivative with respect to the input, as products of patches and panels of the filter: the matrix of
// all patches never exists, each thread gathers six rows of it at a time. The derivative is a convolution of dy with the
// transposed filter, once for each phase of the input's pixels relative to the stride, since those share their taps.

import { activateRow } from './activation';
import { Convolution } from './convolution';
import { packRows, packTransposed } from './pack';
import { dotPatch, gatherPatch, layPatches, patchLength, Patches } from './patches';
import { args, currentThread, parallelFor, threadCount } from './pool';
import { tile6Rows } from './tile';

const PANEL: i32 = 8;
const ROWS: i32 = 6; // of a tile
const TILE_BYTES: usize = 192; // a tile that isn't written straight to its place
const CHUNK_WORK: i32 = 350000; // multiply-adds a chunk should have: some fifteen microseconds
const MAXIMUM_CHUNK: i32 = 192; // positions

@unmanaged
class PatchProduct extends Patches {
  geometry: usize = 0;
  filter: usize = 0;
  transposed: bool = false; // the filter's channels swapped, its taps in reverse: the derivative
  phaseY: i32 = 0; // of the input's pixels, in the derivative
  phaseX: i32 = 0;
  length: i32 = 0; // of a patch
  outputs: i32 = 0; // channels of the result
  panels: i32 = 0;
  panelBytes: usize = 0;
  packed: usize = 0; // [panels, length, 8], or [length] for one output
  bias: usize = 0; // [panels, 8]
  activation: i32 = 0;
  y: usize = 0; // address of the first position's result
  imageBytes: usize = 0; // from one image, row, or column of positions to the next
  rowBytes: usize = 0;
  columnBytes: usize = 0;
  contiguous: bool = false; // rows and images of positions follow on one another as columns do
  positions: i32 = 0;
  chunk: i32 = 0; // positions of a chunk
  lda: usize = 0; // bytes from one gathered patch to the next
  scratch: usize = 0;
  scratchBytes: usize = 0; // of one thread
}

/** y = act(x * filter + bias); `bias` is the address of outChannels elements, or 0. */
export function convolve(geometry: usize, x: usize, filter: usize, y: usize, bias: usize, activation: i32): void {
  const c = changetype<Convolution>(geometry);
  const p = changetype<PatchProduct>(args());
  p.geometry = geometry;
  p.filter = filter;
  p.transposed = false;
  layPatches(p, c, x);
  p.outputs = c.outChannels;
  p.activation = activation;
  p.y = y;
  p.columnBytes = (<usize>c.outChannels) << 2;
  p.rowBytes = <usize>c.outWidth * p.columnBytes;
  p.imageBytes = <usize>c.outHeight * p.rowBytes;
  multiplyPatches(p, c.batch, bias);
}

/** dx of y = x * filter, for dilation 1. */
export function convolveInputGrad(geometry: usize, dy: usize, filter: usize, dx: usize): void {
  const c = changetype<Convolution>(geometry);
  const p = changetype<PatchProduct>(args());
  p.geometry = geometry;
  p.filter = filter;
  p.transposed = true;
  p.pixels = dy;
  p.height = c.outHeight;
  p.width = c.outWidth;
  p.channels = c.outChannels;
  p.stepY = 1;
  p.stepX = 1;
  p.tapStepY = 1;
  p.tapStepX = 1;
  p.outputs = c.channels;
  p.activation = 0;
  const pixelBytes = (<usize>c.channels) << 2;
  p.columnBytes = <usize>c.strideWidth * pixelBytes;
  p.rowBytes = <usize>c.strideHeight * <usize>c.width * pixelBytes;
  p.imageBytes = <usize>c.height * <usize>c.width * pixelBytes;
  for (p.phaseY = 0; p.phaseY < min(c.strideHeight, c.height); p.phaseY++) {
    for (p.phaseX = 0; p.phaseX < min(c.strideWidth, c.width); p.phaseX++) {
      p.rows = (c.height - p.phaseY + c.strideHeight - 1) / c.strideHeight;
      p.columns = (c.width - p.phaseX + c.strideWidth - 1) / c.strideWidth;
      p.tapsY = tapsOf(c.filterHeight, c.strideHeight, p.phaseY + c.padTop);
      p.tapsX = tapsOf(c.filterWidth, c.strideWidth, p.phaseX + c.padLeft);
      // The tap furthest back in dy is the last of the filter's that this phase has.
      p.originY = (p.phaseY + c.padTop) / c.strideHeight - p.tapsY + 1;
      p.originX = (p.phaseX + c.padLeft) / c.strideWidth - p.tapsX + 1;
      p.y = dx + (<usize>p.phaseY * <usize>c.width + <usize>p.phaseX) * pixelBytes;
      multiplyPatches(p, c.batch, 0);
    }
  }
}

/** How many of `taps` have the remainder by the stride that `offset` has. */
// @ts-ignore: decorator
@inline
function tapsOf(taps: i32, stride: i32, offset: i32): i32 {
  return max(0, (taps - (offset % stride) + stride - 1) / stride);
}

function multiplyPatches(p: PatchProduct, batch: i32, bias: usize): void {
  p.length = patchLength(p);
  p.positions = batch * p.rows * p.columns;
  p.contiguous = p.rowBytes == <usize>p.columns * p.columnBytes && p.imageBytes == <usize>p.rows * p.rowBytes;
  p.panels = (p.outputs + PANEL - 1) / PANEL;
  p.panelBytes = (<usize>p.length) << 5;
  p.lda = ((<usize>p.length) << 2) + 32;
  p.scratchBytes = (TILE_BYTES + ROWS * p.lda + 127) & ~63;
  p.scratch = heap.alloc(p.scratchBytes * <usize>threadCount());
  p.packed = heap.alloc(<usize>p.panels * p.panelBytes + 64);
  p.bias = heap.alloc((<usize>p.panels) << 5);
  memory.fill(p.bias, 0, (<usize>p.panels) << 5);
  if (bias) memory.copy(p.bias, bias, (<usize>p.outputs) << 2);
  packFilter(p);
  const work = max(1, p.length * p.panels * PANEL);
  p.chunk = max(ROWS, (min(MAXIMUM_CHUNK, CHUNK_WORK / work) / ROWS) * ROWS);
  const multiply: (chunk: i32) => void = p.outputs == 1 ? multiplyByVector : multiplyByPanels;
  parallelFor(multiply.index, (p.positions + p.chunk - 1) / p.chunk);
  heap.free(p.bias);
  heap.free(p.packed);
  heap.free(p.scratch);
}

function packFilter(p: PatchProduct): void {
  const c = changetype<Convolution>(p.geometry);
  if (p.outputs == 1 && !p.transposed) {
    memory.copy(p.packed, p.filter, (<usize>p.length) << 2);
    return;
  }
  if (!p.transposed) {
    for (let panel = 0; panel < p.panels; panel++) {
      const column = panel * PANEL;
      const to = p.packed + <usize>panel * p.panelBytes;
      const width = min(PANEL, p.outputs - column);
      packRows(p.filter + ((<usize>column) << 2), (<usize>p.outputs) << 2, p.length, width, to);
    }
    return;
  }
  for (let i = 0; i < p.tapsY; i++) {
    const u = ((p.phaseY + c.padTop) % c.strideHeight) + (p.tapsY - 1 - i) * c.strideHeight;
    for (let j = 0; j < p.tapsX; j++) {
      const v = ((p.phaseX + c.padLeft) % c.strideWidth) + (p.tapsX - 1 - j) * c.strideWidth;
      packTap(p, (<usize>(u * c.filterWidth + v) * p.outputs * p.channels) << 2, i * p.tapsX + j);
    }
  }
}

/** Packs the transposed [outputs, channels] matrix of one tap, which stands at this distance in the filter. */
function packTap(p: PatchProduct, distance: usize, tap: i32): void {
  const from = p.filter + distance;
  const stride = (<usize>p.channels) << 2;
  if (p.outputs == 1) {
    memory.copy(p.packed + <usize>tap * stride, from, stride);
    return;
  }
  for (let panel = 0; panel < p.panels; panel++) {
    const column = panel * PANEL;
    const to = p.packed + <usize>panel * p.panelBytes + ((<usize>tap * p.channels) << 5);
    packTransposed(from + <usize>column * stride, stride, p.channels, min(PANEL, p.outputs - column), to);
  }
}

/** Where the result at a position belongs. */
// @ts-ignore: decorator
@inline
function placeOf(p: PatchProduct, position: i32): usize {
  const perImage = p.rows * p.columns;
  const image = position / perImage;
  const inImage = position - image * perImage;
  const row = inImage / p.columns;
  const column = inImage - row * p.columns;
  return p.y + <usize>image * p.imageBytes + <usize>row * p.rowBytes + <usize>column * p.columnBytes;
}

function multiplyByPanels(chunk: i32): void {
  const p = changetype<PatchProduct>(args());
  const tile = p.scratch + <usize>currentThread() * p.scratchBytes;
  const patches = tile + TILE_BYTES;
  const end = min(p.positions, (chunk + 1) * p.chunk);
  for (let i = chunk * p.chunk; i < end; i += ROWS) {
    const rows = min(ROWS, end - i);
    for (let r = 0; r < rows; r++) gatherPatch(p, i + r, patches + <usize>r * p.lda);
    const first = placeOf(p, i);
    const straight = rows == ROWS && (p.contiguous || (i % p.columns) + ROWS <= p.columns);
    for (let panel = 0; panel < p.panels; panel++) {
      const b = p.packed + <usize>panel * p.panelBytes;
      const start = p.bias + ((<usize>panel) << 5);
      const width = min(PANEL, p.outputs - panel * PANEL);
      if (straight && width == PANEL) {
        tile6Rows(patches, p.lda, b, p.length, first + ((<usize>panel) << 5), p.columnBytes, start);
      } else {
        tile6Rows(patches, p.lda, b, p.length, tile, 32, start);
        for (let r = 0; r < rows; r++) place(tile + <usize>(r << 5), placeOf(p, i + r) + ((<usize>panel) << 5), width);
      }
    }
    if (p.activation) for (let r = 0; r < rows; r++) activateRow(p.activation, placeOf(p, i + r), p.outputs);
  }
}

function place(from: usize, to: usize, width: i32): void {
  if (width == PANEL) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    return;
  }
  for (let j = 0; j < width; j++) store<f32>(to + (j << 2), load<f32>(from + (j << 2)));
}

/** One output channel: a sum for each patch, where a panel would be seven eighths empty. */
function multiplyByVector(chunk: i32): void {
  const p = changetype<PatchProduct>(args());
  const end = min(p.positions, (chunk + 1) * p.chunk);
  for (let i = chunk * p.chunk; i < end; i++) {
    const to = placeOf(p, i);
    store<f32>(to, dotPatch(p, i, p.packed) + load<f32>(p.bias));
    if (p.activation) activateRow(p.activation, to, 1);
  }
}
