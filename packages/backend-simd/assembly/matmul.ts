// Matrix product, C = act(A B + bias), for any transposition of A and B, batched.
//
// The kernel holds a 6 x 8 tile of C in registers: each step of the inner dimension feeds twelve multiply-adds from two
// vectors of B and six broadcast elements of A. B is repacked first, in panels of eight columns; A is read where it
// stands, but for six columns of a transposed A, which are gathered before they meet their panels. Every element of C is
// the same chain of multiply-adds, whatever the tile it falls into and whoever computes it, so results don't depend on
// the number of threads.

import { activateRow, addRow } from './activation';
import { splat } from './math';
import { narrowProduct } from './narrow';
import { gatherColumns, gatherRows, packRows, packTransposed } from './pack';
import { args, currentThread, parallelFor, threadCount } from './pool';
import { moveTile, tile4Columns, tile4Rows, tile6Columns, tile6Rows } from './tile';

const PANEL: i32 = 8; // columns of a packed panel of B
const INNER: i32 = 1024; // inner steps at a time: a panel of 32 kB stays in the first-level cache
const PACKED: i32 = 1 << 22; // elements of B packed at a time
const GROUP: i32 = 16; // panels of a chunk at most
const BAND: i32 = 192; // rows of a chunk at most, but for the last
const GROUP_WORK: f64 = 350000; // multiply-adds of twelve rows by a group of panels: enough for the columns gathered once for it
const CHUNK_WORK: f64 = 100000; // multiply-adds a chunk should have: some four microseconds
const SMALL_WORK: f64 = 40000; // below this, a product is not worth waking anybody
const START: usize = 192; // offset of a tile's start values in the scratch area, after a partial tile
const TILE_BYTES: usize = 256; // a partial tile and 8 start values

@unmanaged
class Product {
  a: usize = 0;
  b: usize = 0;
  c: usize = 0;
  bias: usize = 0; // 0: none
  m: i32 = 0;
  n: i32 = 0;
  k: i32 = 0;
  transposeA: i32 = 0;
  transposeB: i32 = 0;
  activation: i32 = 0;
  strideA: usize = 0; // bytes from one matrix of the batch to the next; 0 uses one for all
  strideB: usize = 0;
  strideC: usize = 0;
  packed: usize = 0; // panels of B[inner.., column..], matrix by matrix
  column: i32 = 0; // the slab being multiplied: columns from here
  columnEnd: i32 = 0;
  panels: i32 = 0; // panels of the slab
  inner: i32 = 0; // inner steps from here
  steps: i32 = 0;
  rows: i32 = 0; // rows of a chunk
  bands: i32 = 0;
  group: i32 = 0; // panels of a chunk
  groups: i32 = 0;
  scratch: usize = 0;
  scratchBytes: usize = 0; // of one thread
}

/**
 * A is [batch, m, k] ([batch, k, m] if transposed), B is [batch, k, n] ([batch, n, k]), C is [batch, m, n], all dense;
 * strides are in bytes; `bias` is the address of n elements, or 0.
 */
export function matMul(
  a: usize,
  b: usize,
  c: usize,
  bias: usize,
  batch: i32,
  m: i32,
  n: i32,
  k: i32,
  transposeA: i32,
  transposeB: i32,
  strideA: usize,
  strideB: usize,
  activation: i32,
): void {
  const p = changetype<Product>(args());
  p.a = a;
  p.b = b;
  p.c = c;
  p.bias = bias;
  p.m = m;
  p.n = n;
  p.k = k;
  p.transposeA = transposeA;
  p.transposeB = transposeB;
  p.activation = activation;
  p.strideA = strideA;
  p.strideB = strideB;
  p.strideC = ((<usize>m) * (<usize>n)) << 2;
  if (batch == 1 && narrowProduct(a, b, c, m, n, k, transposeA)) {
    if (bias || activation) finishBlock(p, c, bias, 0, m, 0, n);
    return;
  }
  const steps = min(k, INNER);
  // As many columns, and matrices of the batch, as the packed area holds.
  const slab = max(PANEL, min((n + PANEL - 1) & ~(PANEL - 1), (PACKED / max(1, steps)) & ~(PANEL - 1)));
  const matrices = strideB == 0 ? 1 : max(1, min(batch, PACKED / max(1, steps * slab)));
  p.scratchBytes = (TILE_BYTES + (<usize>steps * 24) + 127) & ~63;
  p.scratch = heap.alloc(p.scratchBytes * <usize>threadCount());
  p.packed = heap.alloc((<usize>matrices * slab * max(1, steps)) << 2);
  const perPass = strideB == 0 ? batch : matrices;
  for (let first = 0; first < batch; first += perPass) {
    multiplyMatrices(p, min(perPass, batch - first), slab);
    p.a += <usize>perPass * strideA;
    p.b += <usize>perPass * strideB;
    p.c += <usize>perPass * p.strideC;
  }
  heap.free(p.packed);
  heap.free(p.scratch);
}

function multiplyMatrices(p: Product, matrices: i32, slab: i32): void {
  const pack: (chunk: i32) => void = packChunk;
  const multiply: (chunk: i32) => void = multiplyChunk;
  for (p.column = 0; p.column < p.n; p.column += slab) {
    p.columnEnd = min(p.n, p.column + slab);
    p.panels = (p.columnEnd - p.column + PANEL - 1) / PANEL;
    for (p.inner = 0; p.inner == 0 || p.inner < p.k; p.inner += INNER) {
      p.steps = min(INNER, p.k - p.inner);
      const packs = p.panels * (p.strideB == 0 ? 1 : matrices);
      const small = <f64>packs * <f64>p.steps < 8192;
      p.group = small ? packs : max(1, 4096 / (PANEL * max(1, p.steps)));
      p.groups = packs;
      parallelFor(pack.index, (packs + p.group - 1) / p.group);
      cutIntoChunks(p, matrices);
      parallelFor(multiply.index, matrices * p.bands * p.groups);
    }
  }
}

function cutIntoChunks(p: Product, matrices: i32): void {
  const perPanel = <f64>PANEL * <f64>max(1, p.steps);
  if (perPanel * <f64>p.panels * <f64>p.m * <f64>matrices < SMALL_WORK) {
    p.group = p.panels;
    p.rows = p.m;
  } else {
    p.group = min(p.panels, GROUP);
    while (p.group > 4 && perPanel * <f64>p.group * 12 > GROUP_WORK) p.group = (p.group + 1) / 2;
    const rows = <i32>min<f64>(BAND, CHUNK_WORK / (perPanel * <f64>p.group));
    p.rows = min(p.m, max(6, (rows / 6) * 6)); // whole tiles in all but the last band
  }
  p.bands = max(1, p.m / p.rows); // the last one takes the rest, which tiles fit better than a band of its own
  p.groups = (p.panels + p.group - 1) / p.group;
}

/** Packs some panels of the slab, numbered through the matrices. */
function packChunk(chunk: i32): void {
  const p = changetype<Product>(args());
  const end = min(p.groups, (chunk + 1) * p.group);
  for (let panel = chunk * p.group; panel < end; panel++) {
    const b = p.b + <usize>(panel / p.panels) * p.strideB;
    const column = p.column + (panel % p.panels) * PANEL;
    packPanel(p, b, column, min(PANEL, p.columnEnd - column), p.packed + ((<usize>panel * p.steps * PANEL) << 2));
  }
}

/** Copies B[inner.., column..] to a panel of [steps, 8], columns that don't exist as zeros. */
function packPanel(p: Product, b: usize, column: i32, width: i32, to: usize): void {
  if (p.transposeB) packTransposed(b + ((<usize>column * p.k + p.inner) << 2), (<usize>p.k) << 2, p.steps, width, to);
  else packRows(b + ((<usize>p.inner * p.n + column) << 2), (<usize>p.n) << 2, p.steps, width, to);
}

/** A band of rows of one matrix by a group of panels. */
function multiplyChunk(chunk: i32): void {
  const p = changetype<Product>(args());
  const perMatrix = p.bands * p.groups;
  const matrix = chunk / perMatrix;
  // In the order that lets a thread, which claims neighbouring chunks, keep to the larger operand's part it has seen.
  const index = chunk % perMatrix;
  const byColumns = p.n > p.m;
  const band = byColumns ? index % p.bands : index / p.groups;
  const firstPanel = (byColumns ? index / p.bands : index % p.groups) * p.group;
  const scratch = p.scratch + <usize>currentThread() * p.scratchBytes;
  const packed = p.packed + ((<usize>(p.strideB == 0 ? 0 : matrix) * p.panels * p.steps * PANEL) << 2);
  const c = p.c + <usize>matrix * p.strideC;
  const row = band * p.rows;
  const rowEnd = band == p.bands - 1 ? p.m : row + p.rows;
  const lastPanel = min(p.panels, firstPanel + p.group);
  let fours = tilesOfFour(rowEnd - row);
  for (let i = row; i < rowEnd; fours--) {
    const height = fours > 0 ? 4 : 6;
    const rows = min(height, rowEnd - i);
    let a = p.a + <usize>matrix * p.strideA;
    let stride = (<usize>p.k) << 2;
    if (p.transposeA) {
      a += (<usize>p.inner * p.m + i) << 2;
      a = gatherColumns(a, (<usize>p.m) << 2, p.steps, height, scratch + TILE_BYTES);
    } else {
      a += (<usize>i * p.k + p.inner) << 2;
      if (rows < height) {
        a = gatherRows(a, stride, p.steps, rows, height, scratch + TILE_BYTES);
        stride = (<usize>p.steps) << 2;
      }
    }
    multiplyTiles(p, a, stride, packed, firstPanel, lastPanel, c, i, rows, height, scratch);
    i += height;
  }
  const bias: usize = p.k > INNER ? p.bias : 0; // shorter sums have started from it
  if (p.inner + p.steps < p.k || (!p.activation && !bias)) return;
  const column = p.column + firstPanel * PANEL;
  finishBlock(p, c, bias, row, rowEnd, column, min(p.columnEnd, p.column + lastPanel * PANEL));
}

/** How many tiles of four rows, before those of six, cover `rows` with the least waste. */
// @ts-ignore: decorator
@inline
function tilesOfFour(rows: i32): i32 {
  const rest = rows % 6;
  if (rest == 0 || rest == 5) return 0;
  return rest <= 2 && rows > 6 ? 2 : 1;
}

/** Up to six rows of A, `lda` bytes apart, by some panels. */
function multiplyTiles(
  p: Product,
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
  const panelBytes = (<usize>p.steps) << 5;
  let column = p.column + firstPanel * PANEL;
  let b = packed + <usize>firstPanel * panelBytes;
  let to = c + <usize>row * stride + ((<usize>column) << 2);
  for (let panel = firstPanel; panel < lastPanel; panel++) {
    const columns = min(PANEL, p.columnEnd - column);
    const start = startOf(p, scratch, column, columns);
    if (rows == height && columns == PANEL && p.inner == 0) {
      multiplyTile(p, a, lda, b, to, stride, height, start);
    } else {
      multiplyTile(p, a, lda, b, scratch, 32, height, start);
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
  p: Product, a: usize, lda: usize, b: usize, to: usize, stride: usize, height: i32, start: usize,
): void {
  // The distance of gathered columns is passed, though constant: folded into the loop it costs V8 registers.
  if (p.transposeA) {
    if (height == 6) tile6Columns(a, 24, b, p.steps, to, stride, start);
    else tile4Columns(a, 16, b, p.steps, to, stride, start);
  } else if (height == 6) tile6Rows(a, lda, b, p.steps, to, stride, start);
  else tile4Rows(a, lda, b, p.steps, to, stride, start);
}

/** The eight values that a tile's sums start from: the bias, or zeros. */
// @ts-ignore: decorator
@inline
function startOf(p: Product, scratch: usize, column: i32, columns: i32): usize {
  const useBias = p.bias != 0 && p.k <= INNER;
  if (useBias && columns == PANEL) return p.bias + ((<usize>column) << 2);
  const start = scratch + START;
  v128.store(start, splat(0));
  v128.store(start, splat(0), 16);
  if (useBias) memory.copy(start, p.bias + ((<usize>column) << 2), columns << 2);
  return start;
}

/** Activates a block that is done, after adding the bias if its sums, cut into pieces, could not start from it. */
function finishBlock(p: Product, c: usize, bias: usize, row: i32, rowEnd: i32, column: i32, columnEnd: i32): void {
  const count = columnEnd - column;
  for (let i = row; i < rowEnd; i++) {
    const at = c + ((<usize>i * p.n + column) << 2);
    if (bias) addRow(at, bias + ((<usize>column) << 2), count);
    activateRow(p.activation, at, count);
  }
}
