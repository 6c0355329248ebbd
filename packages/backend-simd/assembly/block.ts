// A block of a product: a band of rows by a group of panels, tile by tile.

import { activateRow, addRow, derivativeRow } from './activation';
import { splat } from './math';
import { gatherColumns, gatherLargeColumns, gatherRows } from './pack';
import { innerOf, packedPanels, stepsOf, sumPanels } from './panels';
import { args, currentThread } from './pool';
import { INNER, PANEL, Product, TILE_BYTES } from './product';
import { moveTile, tile4Columns, tile4Rows, tile6Columns, tile6Rows } from './tile';

export const JOINED: i32 = 16; // rows that are added up at a time
const START: usize = 192; // offset of a tile's start values in the scratch area, after a partial tile

/** A band of rows of one matrix by a group of panels, or a part of both. */
export function multiplyBlock(chunk: i32): void {
  const p = changetype<Product>(args());
  const perMatrix = p.bands * p.groups;
  const part = p.parts > 1 ? chunk / (perMatrix * p.matrices) : 0;
  const matrix = chunk / perMatrix - part * p.matrices;
  // In the order that lets a thread, which claims neighbouring chunks, keep to the larger operand's part it has seen.
  const index = chunk % perMatrix;
  const byColumns = p.n > p.m;
  const band = byColumns ? index % p.bands : index / p.groups;
  const group = byColumns ? index / p.bands : index % p.groups;
  const scratch = p.scratch + <usize>currentThread() * p.scratchBytes;
  const packed = packedPanels(p, matrix, part, group, scratch);
  const firstPanel = group * p.group;
  const lastPanel = min(p.panels, firstPanel + p.group);
  if (p.sums && band == 0) sumPanels(p, packed, firstPanel, lastPanel);
  const a = p.a + <usize>matrix * p.strideA;
  const c = (part ? p.others : p.c) + <usize>matrix * p.strideC;
  const row = band * p.rows;
  const rowEnd = band == p.bands - 1 ? p.m : row + p.rows;
  const inner = innerOf(p, part), steps = stepsOf(p, part);
  let fours = tilesOfFour(rowEnd - row);
  for (let i = row; i < rowEnd; fours--) {
    const height = fours > 0 ? 4 : 6;
    const rows = min(height, rowEnd - i);
    let tile = a + ((<usize>i * p.k + inner) << 2);
    let stride = (<usize>p.k) << 2;
    if (p.transposeA) {
      tile = gatherTile(p, a, i, height, scratch + TILE_BYTES);
    } else if (rows < height) {
      tile = gatherRows(tile, stride, steps, rows, height, scratch + TILE_BYTES);
      stride = (<usize>steps) << 2;
    }
    multiplyTiles(p, part, tile, stride, packed, firstPanel, lastPanel, c, i, rows, height, scratch);
    i += height;
  }
  if (p.parts > 1 || p.inner + p.steps < p.k) return;
  const bias: usize = p.k > INNER ? p.bias : 0; // shorter sums have started from it
  const column = p.column + firstPanel * PANEL;
  finishBlock(p, c, bias, row, rowEnd, column, min(p.columnEnd, p.column + lastPanel * PANEL));
}

/** Adds the second part to some rows of C, which begin at the first matrix of the batch. */
export function joinParts(chunk: i32): void {
  const p = changetype<Product>(args());
  const row = chunk * JOINED;
  const rowEnd = min(p.matrices * p.m, row + JOINED);
  const start = (<usize>row * p.n) << 2;
  addRow(p.c + start, p.others + start, (rowEnd - row) * p.n);
  finishBlock(p, p.c, 0, row, rowEnd, 0, p.n);
}

/** How many tiles of four rows, before those of six, cover `rows` with the least waste. */
// @ts-ignore: decorator
@inline
function tilesOfFour(rows: i32): i32 {
  const rest = rows % 6;
  if (rest == 0 || rest == 5) return 0;
  return rest <= 2 && rows > 6 ? 2 : 1;
}

/** Some columns of a transposed A, from the `i`th on: of both its pieces, if it has two. */
function gatherTile(p: Product, a: usize, i: i32, height: i32, to: usize): usize {
  const stride = (<usize>p.m) << 2;
  const column = (<usize>i) << 2;
  const ofFirst = max(0, min(p.steps, p.split - p.inner));
  gatherPiece(p, a + <usize>p.inner * stride + column, stride, ofFirst, height, to);
  if (ofFirst == p.steps) return to;
  const row = max(0, p.inner - p.split);
  const rest = to + ((<usize>ofFirst * height) << 2);
  gatherPiece(p, p.second + <usize>row * stride + column, stride, p.steps - ofFirst, height, rest);
  return to;
}

// @ts-ignore: decorator
@inline
function gatherPiece(p: Product, from: usize, stride: usize, steps: i32, height: i32, to: usize): void {
  if (p.onlyLarge) gatherLargeColumns(from, stride, steps, height, to);
  else gatherColumns(from, stride, steps, height, to);
}

/** Up to six rows of A, `lda` bytes apart, by some panels. */
function multiplyTiles(
  p: Product,
  part: i32,
  a: usize,
  lda: usize,
  packed: usize,
  firstPanel: i32,
  lastPanel: i32,
  c: usize,
  row: i32,
  rows: i32,
  height: i32,
  scratch: usize,
): void {
  const stride = (<usize>p.n) << 2;
  const steps = stepsOf(p, part);
  const panelBytes = (<usize>p.steps) << 5;
  let column = p.column + firstPanel * PANEL;
  let b = packed + <usize>firstPanel * panelBytes;
  let to = c + <usize>row * stride + ((<usize>column) << 2);
  for (let panel = firstPanel; panel < lastPanel; panel++) {
    const columns = min(PANEL, p.columnEnd - column);
    const start = startOf(p, scratch, column, columns);
    if (rows == height && columns == PANEL && p.inner == 0) {
      multiplyTile(p, a, lda, b, steps, to, stride, height, start);
    } else {
      multiplyTile(p, a, lda, b, steps, scratch, 32, height, start);
      moveTile(scratch, to, stride, rows, columns, p.inner > 0);
    }
    column += PANEL;
    b += panelBytes;
    to += PANEL * 4;
  }
}

// @ts-ignore: decorator
@inline
function multiplyTile(
  p: Product, a: usize, lda: usize, b: usize, steps: i32, to: usize, stride: usize, height: i32, start: usize,
): void {
  // The distance of gathered columns is passed, though constant: folded into the loop it costs V8 registers.
  if (p.transposeA) {
    if (height == 6) tile6Columns(a, 24, b, steps, to, stride, start);
    else tile4Columns(a, 16, b, steps, to, stride, start);
  } else if (height == 6) tile6Rows(a, lda, b, steps, to, stride, start);
  else tile4Rows(a, lda, b, steps, to, stride, start);
}

/**
 * The eight values that a tile's sums start from: the bias, or zeros. Of two parts, each starts from half of the bias: sums of
 * tiny numbers that start from zero may be subnormal.
 */
// @ts-ignore: decorator
@inline
function startOf(p: Product, scratch: usize, column: i32, columns: i32): usize {
  const useBias = p.bias != 0 && p.k <= INNER;
  const bias = p.bias + ((<usize>column) << 2);
  if (useBias && columns == PANEL && p.parts == 1) return bias;
  const start = scratch + START;
  v128.store(start, splat(0));
  v128.store(start, splat(0), 16);
  if (useBias) memory.copy(start, bias, columns << 2);
  if (p.parts == 1) return start;
  v128.store(start, f32x4.mul(v128.load(start), splat(0.5)));
  v128.store(start, f32x4.mul(v128.load(start, 16), splat(0.5)), 16);
  return start;
}

/**
 * Activates a block that is done, or takes the derivative, after adding the bias if its sums, cut into pieces, could not
 * start from it.
 */
export function finishBlock(p: Product, c: usize, bias: usize, row: i32, rowEnd: i32, column: i32, columnEnd: i32): void {
  if (!p.activation && !bias) return;
  const count = columnEnd - column;
  for (let i = row; i < rowEnd; i++) {
    const at = c + ((<usize>i * p.n + column) << 2);
    if (bias) addRow(at, bias + ((<usize>column) << 2), count);
    if (p.y) derivativeRow(p.activation, p.y + (at - c), at, count);
    else activateRow(p.activation, at, count);
  }
}
