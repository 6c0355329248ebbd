import { centre, roundingOfDistance, squaredDistance, squaredNorms } from './distances.ts';
import { productBlocks } from './product-blocks.ts';
import { type Matrix, requireRows, requireSameSize, type Rows } from './rows.ts';

/** The nearest of the known rows to each query. */
export interface Neighbours {
  /** Which it is, `[N]`. */
  readonly indices: Uint32Array;
  /** Euclidean distance, `[N]`; 0 for a copy. */
  readonly distances: Float64Array;
}

/**
 * The nearest known row to each query, by Euclidean distance: of pixels, or of features.
 *
 * @param queries `[N, ...]`
 * @param known `[M, ...]`, of rows of the same size.
 * @throws ConfigError for no rows, other sizes, or NaN.
 */
export async function nearestNeighbours(queries: Rows, known: Rows): Promise<Neighbours> {
  const a = requireRows('queries', queries);
  const b = requireRows('known', known);
  requireSameSize(a, b);
  const indices = new Uint32Array(a.count);
  const distances = new Float64Array(a.count);
  for await (const { row, candidates } of nearestCandidates(a, b)) {
    let least = Infinity;
    for (const j of candidates) {
      const distance = squaredDistance(a, row, b, j);
      if (distance >= least) continue;
      least = distance;
      indices[row] = j;
    }
    distances[row] = Math.sqrt(least);
  }
  return { indices, distances };
}

/** The distance of each row to its `k`-th nearest other row, squared, `[N]`; what float32 can't decide, float64 does. */
export async function squaredRadii(a: Matrix, k: number): Promise<Float64Array> {
  const [centred] = centre(a, a);
  const norms = squaredNorms(centred);
  const radii = new Float64Array(a.count);
  const least = new LeastFew(k);
  for await (const { start, count, products } of productBlocks(centred, centred)) {
    for (let i = 0; i < count; i++) {
      const row = start + i;
      const ofRow = products.subarray(i * a.count, (i + 1) * a.count);
      least.clear();
      for (let j = 0; j < a.count; j++) if (j !== row) least.add(norms[j]! - 2 * ofRow[j]!);
      const candidates = asNear(least.largest, ofRow, norms[row]!, norms);
      least.clear();
      for (const j of candidates) if (j !== row) least.add(squaredDistance(a, row, a, j));
      radii[row] = least.largest;
    }
  }
  return radii;
}

/** For each row of `a`, those of `b` that may be the nearest as far as float32 products tell: mostly one. */
async function* nearestCandidates(a: Matrix, b: Matrix): AsyncGenerator<{ row: number; candidates: number[] }> {
  const [centredA, centredB] = centre(a, b);
  const [normsA, normsB] = [squaredNorms(centredA), squaredNorms(centredB)];
  for await (const { start, count, products } of productBlocks(centredA, centredB)) {
    for (let i = 0; i < count; i++) {
      const row = products.subarray(i * b.count, (i + 1) * b.count);
      yield { row: start + i, candidates: nearLeast(row, normsA[start + i]!, normsB) };
    }
  }
}

/** Where |y|^2 - 2 x y is smallest, the distance is; and wherever it is as small but for rounding. */
function nearLeast(products: Float32Array, norm: number, norms: Float64Array): number[] {
  let least = Infinity;
  for (let j = 0; j < norms.length; j++) least = Math.min(least, norms[j]! - 2 * products[j]!);
  return asNear(least, products, norm, norms);
}

/** The rows y for which |y|^2 - 2 x y is at most `limit`, as far as rounding tells. */
function asNear(limit: number, products: Float32Array, norm: number, norms: Float64Array): number[] {
  const near: number[] = [];
  for (let j = 0; j < norms.length; j++) {
    const doubt = 2 * roundingOfDistance * (norm + norms[j]!);
    if (norms[j]! - 2 * products[j]! <= limit + doubt) near.push(j);
  }
  return near;
}

/** The few smallest of many numbers. */
class LeastFew {
  readonly #values: Float64Array;

  constructor(count: number) {
    this.#values = new Float64Array(count).fill(Infinity);
  }

  /** Of those few, Infinity while there are fewer. */
  get largest(): number {
    return this.#values[this.#values.length - 1]!;
  }

  clear(): void {
    this.#values.fill(Infinity);
  }

  add(value: number): void {
    if (value >= this.largest) return;
    let at = this.#values.length - 1;
    for (; at > 0 && this.#values[at - 1]! > value; at--) this.#values[at] = this.#values[at - 1]!;
    this.#values[at] = value;
  }
}
