// The panels of a product's second operand: eight columns of some inner steps, side by side.

import { storeSums, sumPanel } from './column-sums';
import { packRows, packRowsOfFour, packTransposed } from './pack';
import { args, parallelFor, threadCount } from './pool';
import { PANEL, Product } from './product';

/** Packs all panels of the slab, by matrix or part. */
export function packForAll(p: Product, panels: i32): void {
  const task: (chunk: i32) => void = packChunk;
  p.group = <f64>panels * <f64>p.steps < 8192 ? panels : max(1, 4096 / (PANEL * max(1, p.steps)));
  p.groups = panels;
  parallelFor(task.index, (panels + p.group - 1) / p.group);
}

/** Packs some panels of the slab, numbered through the matrices, or the parts. */
function packChunk(chunk: i32): void {
  const p = changetype<Product>(args());
  const end = min(p.groups, (chunk + 1) * p.group);
  for (let panel = chunk * p.group; panel < end; panel++) {
    const set = panel / p.panels;
    const part = p.parts > 1 ? set : 0;
    const b = p.b + <usize>(set - part) * p.strideB;
    packPanel(p, b, part, panel % p.panels, p.packed + ((<usize>panel * p.steps * PANEL) << 2));
  }
}

/** Where a part's inner steps begin. */
// @ts-ignore: decorator
@inline
export function innerOf(p: Product, part: i32): i32 {
  return p.inner + part * p.steps;
}

/** How many there are. */
// @ts-ignore: decorator
@inline
export function stepsOf(p: Product, part: i32): i32 {
  return min(p.steps, p.k - innerOf(p, part));
}

/** Copies a part of B's columns from 8 `panel` on to a panel of [steps, 8], columns that don't exist as zeros. */
function packPanel(p: Product, b: usize, part: i32, panel: i32, to: usize): void {
  const column = p.column + panel * PANEL;
  const width = min(PANEL, p.columnEnd - column);
  const inner = innerOf(p, part), steps = stepsOf(p, part);
  if (p.transposeB) packTransposed(b + ((<usize>column * p.k + inner) << 2), (<usize>p.k) << 2, steps, width, to);
  else packRows(b + ((<usize>inner * p.n + column) << 2), (<usize>p.n) << 2, steps, width, to);
}

/** Makes every thread pack the panels that it needs next. */
export function forgetPanels(p: Product): void {
  for (let i = 0; i < threadCount(); i++) memory.fill(p.scratch + <usize>i * p.scratchBytes + p.flags, 0, p.parts * p.groups);
}

/** The panels of a part of a matrix, of which those of a group are packed when this returns. */
// @ts-ignore: decorator
@inline
export function packedPanels(p: Product, matrix: i32, part: i32, group: i32, scratch: usize): usize {
  const panelBytes = (<usize>p.steps) << 5;
  if (p.packed) return p.packed + <usize>((p.strideB == 0 ? part : matrix) * p.panels) * panelBytes;
  const flag = scratch + p.flags + <usize>(part * p.groups + group);
  const packed = scratch + p.own + <usize>(part * p.panels) * panelBytes;
  if (load<u8>(flag)) return packed;
  store<u8>(flag, 1);
  const end = min(p.panels, (group + 1) * p.group);
  let panel = group * p.group;
  for (; !p.transposeB && panel + 4 <= end && p.column + (panel + 4) * PANEL <= p.columnEnd; panel += 4) {
    const from = p.b + ((<usize>innerOf(p, part) * p.n + p.column + panel * PANEL) << 2);
    packRowsOfFour(from, (<usize>p.n) << 2, stepsOf(p, part), packed + <usize>panel * panelBytes, panelBytes);
  }
  for (; panel < end; panel++) packPanel(p, p.b, part, panel, packed + <usize>panel * panelBytes);
  return packed;
}

/** Adds what is packed of some panels to the sums of their columns. */
export function sumPanels(p: Product, packed: usize, firstPanel: i32, lastPanel: i32): void {
  for (let panel = firstPanel; panel < lastPanel; panel++) {
    const column = p.column + panel * PANEL;
    const partial = p.partial + ((<usize>column) << 3);
    sumPanel(packed + ((<usize>panel * p.steps * PANEL) << 2), p.steps, partial, p.inner == 0);
    if (p.inner + p.steps < p.k) continue;
    storeSums(partial, p.sums + ((<usize>column) << 2), min(PANEL, p.columnEnd - column));
  }
}
