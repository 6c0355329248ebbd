// The derivative of a convolution with respect to its filter: the product of the transposed matrix of patches with dy,
// summed over all positions. Positions are cut into parts, in number dependent on the shape alone, so that the sums are the
// same whoever computes them; each part has its own sums, which are added up in order at the end.

import { Convolution } from './convolution';
import { packRows } from './pack';
import { addPatch, gatherPatch, layPatches, patchLength, Patches } from './patches';
import { args, currentThread, parallelFor, threadCount } from './pool';
import { addTile6Columns } from './tile';

const PANEL: i32 = 8;
const ROWS: i32 = 6; // of a tile: elements of a patch
const PARTS: i32 = 16;
const SMALL_WORK: f64 = 40000; // multiply-adds below which a part is not worth it
const BLOCK_ELEMENTS: i32 = 32768; // gathered at a time: half of a second-level cache at most
const MAXIMUM_SUMS: i32 = 1 << 22; // elements of all parts' sums

@unmanaged
class FilterGrad extends Patches {
  dy: usize = 0;
  dFilter: usize = 0;
  length: i32 = 0; // of a patch
  outputs: i32 = 0;
  panels: i32 = 0;
  positions: i32 = 0;
  parts: i32 = 0;
  perPart: i32 = 0; // positions
  block: i32 = 0; // positions gathered at a time
  lda: usize = 0; // bytes from one gathered patch to the next
  panel: i32 = 0; // columns of the sums that stand together: 8, or 1 for a single output
  sums: usize = 0; // [parts, panels, sumRows, panel]
  sumRows: i32 = 0; // length, and the rest of a last tile
  scratch: usize = 0;
  scratchBytes: usize = 0; // of one thread
}

/** dFilter of y = x * filter. */
export function convolveFilterGrad(geometry: usize, x: usize, dy: usize, dFilter: usize): void {
  const c = changetype<Convolution>(geometry);
  const p = changetype<FilterGrad>(args());
  p.dy = dy;
  p.dFilter = dFilter;
  layPatches(p, c, x);
  p.outputs = c.outChannels;
  p.positions = c.batch * c.outHeight * c.outWidth;
  p.length = patchLength(p);
  p.panels = (p.outputs + PANEL - 1) / PANEL;
  p.sumRows = ((p.length + ROWS - 1) / ROWS) * ROWS;
  p.panel = p.outputs == 1 ? 1 : PANEL;
  cutIntoParts(p);
  const sumBytes = (<usize>p.parts * p.panels * p.sumRows) << 5;
  p.sums = heap.alloc(sumBytes);
  p.scratch = heap.alloc(p.scratchBytes * <usize>threadCount());
  const sum: (part: i32) => void = p.outputs == 1 ? sumPartOfOne : sumPart;
  parallelFor(sum.index, p.parts);
  const add: (row: i32) => void = addParts;
  parallelFor(add.index, (p.length + ROWS - 1) / ROWS);
  heap.free(p.scratch);
  heap.free(p.sums);
}

function cutIntoParts(p: FilterGrad): void {
  const elements = p.panels * PANEL * p.sumRows;
  const work = <f64>elements * <f64>p.positions;
  const parts = min(PARTS, max(1, MAXIMUM_SUMS / max(1, elements)));
  p.parts = max(1, min(parts, <i32>(work / SMALL_WORK)));
  p.perPart = (p.positions + p.parts - 1) / p.parts;
  p.block = max(1, min(p.perPart, max(16, min(128, BLOCK_ELEMENTS / max(1, p.length)))));
  p.lda = ((<usize>p.sumRows) << 2) + 64;
  p.scratchBytes = (<usize>p.block * (p.lda + ((<usize>p.panels) << 5)) + 127) & ~63;
}

function sumPart(part: i32): void {
  const p = changetype<FilterGrad>(args());
  const patches = p.scratch + <usize>currentThread() * p.scratchBytes;
  const packed = patches + <usize>p.block * p.lda;
  const sums = p.sums + ((<usize>part * p.panels * p.sumRows) << 5);
  memory.fill(sums, 0, (<usize>p.panels * p.sumRows) << 5);
  const end = min(p.positions, (part + 1) * p.perPart);
  for (let i = part * p.perPart; i < end; i += p.block) {
    const steps = min(p.block, end - i);
    for (let r = 0; r < steps; r++) gatherPatch(p, i + r, patches + <usize>r * p.lda);
    const from = p.dy + ((<usize>i * p.outputs) << 2);
    for (let panel = 0; panel < p.panels; panel++) {
      const column = panel * PANEL;
      const to = packed + ((<usize>panel * p.block) << 5);
      packRows(from + ((<usize>column) << 2), (<usize>p.outputs) << 2, steps, min(PANEL, p.outputs - column), to);
    }
    addProduct(p, patches, packed, steps, sums);
  }
}

/** One output channel: the sums are a vector, where panels would be seven eighths empty. */
function sumPartOfOne(part: i32): void {
  const p = changetype<FilterGrad>(args());
  const sums = p.sums + ((<usize>part * p.panels * p.sumRows) << 5);
  memory.fill(sums, 0, (<usize>p.length) << 2);
  const end = min(p.positions, (part + 1) * p.perPart);
  for (let i = part * p.perPart; i < end; i++) addPatch(p, i, load<f32>(p.dy + ((<usize>i) << 2)), sums);
}

function addProduct(p: FilterGrad, patches: usize, packed: usize, steps: i32, sums: usize): void {
  for (let row = 0; row < p.length; row += ROWS) {
    for (let panel = 0; panel < p.panels; panel++) {
      const to = sums + ((<usize>panel * p.sumRows + row) << 5);
      addTile6Columns(patches + ((<usize>row) << 2), p.lda, packed + ((<usize>panel * p.block) << 5), steps, to);
    }
  }
}

/** Some rows of the filter's derivative: the parts' sums, in order. */
function addParts(chunk: i32): void {
  const p = changetype<FilterGrad>(args());
  const partBytes = (<usize>p.panels * p.sumRows) << 5;
  const end = min(p.length, (chunk + 1) * ROWS);
  for (let row = chunk * ROWS; row < end; row++) {
    for (let column = 0; column < p.outputs; column++) {
      const panel = column / p.panel;
      let from = p.sums + ((<usize>((panel * p.sumRows + row) * p.panel + column - panel * p.panel)) << 2);
      let sum: f32 = 0;
      for (let part = 0; part < p.parts; part++) {
        sum += load<f32>(from);
        from += partBytes;
      }
      store<f32>(p.dFilter + ((<usize>row * p.outputs + column) << 2), sum);
    }
  }
}
