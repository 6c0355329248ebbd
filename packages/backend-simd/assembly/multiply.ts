// The engine of matrix products: C = A B for a batch of matrices, and what a dense layer wants done to C besides.
//
// The kernel holds a 6 x 8 tile of C in registers: each step of the inner dimension feeds twelve multiply-adds from two
// vectors of B and six broadcast elements of A. B is repacked first, in panels of eight columns; A is read where it
// stands, but for six columns of a transposed A, which are gathered before they meet their panels. Every element of C is
// the same chain of multiply-adds, or the sum of the same two, whatever the tile it falls into and whoever computes it, so
// results don't depend on the number of threads.
//
// What one core has just written reaches another at a few bytes a nanosecond only. So each thread packs the panels that
// it needs for itself, where there are rows enough to make up for the work done twice; else all pack for all beforehand.
// And a long sum is cut in two parts, whose operands are halves.

import { JOINED, joinParts, multiplyBlock } from './block';
import { forgetPanels, packForAll } from './panels';
import { parallelFor, threadCount } from './pool';
import { INNER, PANEL, Product, TILE_BYTES } from './product';

const PACKED: i32 = 1 << 22; // elements of B packed at a time
const GROUP: i32 = 16; // panels of a chunk at most
const BAND: i32 = 192; // rows of a chunk at most, but for the last
const GROUP_WORK: f64 = 400000; // multiply-adds of twelve rows by a group of panels: enough for the columns gathered once for it
const CHUNK_WORK: f64 = 100000; // multiply-adds a chunk should have: some four microseconds
const SMALL_WORK: f64 = 40000; // below this, a product is not worth waking anybody
const LONG: i32 = 512; // inner steps that are worth two parts
const OWN_PACKED: i32 = 1 << 18; // elements of B at most that each thread packs for itself: 1 MB
const OWN_ROWS: i32 = 48; // rows of C a thread must have then

/** Computes the product, `batch` times. */
export function multiply(p: Product, batch: i32): void {
  p.parts = partsOf(p, batch);
  const steps = min(p.k, INNER);
  // As many columns, and matrices of the batch, as the packed area holds.
  const slab = max(PANEL, min((p.n + PANEL - 1) & ~(PANEL - 1), (PACKED / max(1, steps)) & ~(PANEL - 1)));
  const matrices = p.strideB == 0 ? 1 : max(1, min(batch, PACKED / max(1, steps * slab)));
  const elements = matrices * slab * max(1, steps + 1); // one more, since parts are equally long where they are packed
  const packsOwn = matrices == 1 && elements <= OWN_PACKED && p.m * batch >= OWN_ROWS * threadCount();
  p.flags = TILE_BYTES + <usize>steps * 24;
  p.own = (p.flags + <usize>(p.parts * (slab / PANEL)) + 63) & ~63;
  p.scratchBytes = (p.own + (packsOwn ? (<usize>elements) << 2 : 0) + 127) & ~63;
  const scratch = heap.alloc(p.scratchBytes * <usize>threadCount() + 64);
  p.scratch = (scratch + 63) & ~63;
  p.packed = packsOwn ? 0 : heap.alloc((<usize>elements) << 2);
  p.others = p.parts > 1 ? heap.alloc(<usize>batch * p.strideC) : 0;
  p.partial = p.sums ? heap.alloc((<usize>p.n + PANEL) << 3) : 0;
  const perPass = p.strideB == 0 ? batch : matrices;
  for (let first = 0; first < batch; first += perPass) {
    p.matrices = min(perPass, batch - first);
    multiplyMatrices(p, slab);
    p.a += <usize>perPass * p.strideA;
    p.b += <usize>perPass * p.strideB;
    p.c += <usize>perPass * p.strideC;
  }
  if (p.parts > 1) heap.free(p.others);
  if (p.sums) heap.free(p.partial);
  if (!packsOwn) heap.free(p.packed);
  heap.free(scratch);
}

/**
 * How many parts the inner dimension is cut into. Where all threads want all columns, two parts spare each the half of both
 * operands, if it is long beside what has to be added up then. It is a matter of sizes alone, since it changes roundings.
 */
function partsOf(p: Product, batch: i32): i32 {
  const long = p.k >= LONG && p.k <= INNER && p.m * batch <= p.k / 2;
  return p.strideB == 0 && long && !p.transposeA && p.n <= p.m && p.n >= 4 * PANEL ? 2 : 1;
}

function multiplyMatrices(p: Product, slab: i32): void {
  const task: (chunk: i32) => void = multiplyBlock;
  const join: (chunk: i32) => void = joinParts;
  for (p.column = 0; p.column < p.n; p.column += slab) {
    p.columnEnd = min(p.n, p.column + slab);
    p.panels = (p.columnEnd - p.column + PANEL - 1) / PANEL;
    for (p.inner = 0; p.inner == 0 || p.inner < p.k; p.inner += INNER) {
      p.steps = (min(INNER, p.k - p.inner) + p.parts - 1) / p.parts;
      if (p.packed) packForAll(p, p.panels * (p.strideB == 0 ? p.parts : p.matrices));
      cutIntoChunks(p);
      if (!p.packed) forgetPanels(p);
      parallelFor(task.index, p.parts * p.matrices * p.bands * p.groups);
    }
  }
  if (p.parts > 1) parallelFor(join.index, (p.matrices * p.m + JOINED - 1) / JOINED);
}

function cutIntoChunks(p: Product): void {
  const perPanel = <f64>PANEL * <f64>max(1, p.steps);
  if (perPanel * <f64>p.panels * <f64>p.m * <f64>p.matrices < SMALL_WORK) {
    p.group = p.panels;
    p.rows = max(1, p.m);
  } else {
    p.group = min(p.panels, GROUP);
    while (p.group > 4 && perPanel * <f64>p.group * 12 > GROUP_WORK) p.group = (p.group + 1) / 2;
    const rows = <i32>min<f64>(BAND, CHUNK_WORK / (perPanel * <f64>p.group));
    p.rows = min(p.m, max(6, (rows / 6) * 6)); // whole tiles in all but the last band
  }
  p.bands = max(1, p.m / p.rows); // the last one takes the rest, which tiles fit better than a band of its own
  p.groups = (p.panels + p.group - 1) / p.group;
}
