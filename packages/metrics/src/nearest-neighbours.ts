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

/** The distance of each row to its `k`-th nearest other row, squared, `[N]`. */
export async function squaredRadii(a: Matrix, k: number): Promise<Float64Array> {
  const [centred] = centre(a, a);
  const norms = squaredNorms(centred);
  const radii = new Float64Array(a.count);
  const nearest = new NearestFew(k);
  for await (const { start, count, products } of productBlocks(centred, centred)) {
    for (let i = 0; i < count; i++) {
      nearest.clear();
      for (let j = 0, at = i * a.count; j < a.count; j++, at++) {
        const far = norms[j]! - 2 * products[at]!;
        if (far < nearest.farthest && j !== start + i) nearest.add(far, j);
      }
      radii[start + i] = nearest.indices.reduce((most, j) => Math.max(most, squaredDistance(a, start + i, a, j)), 0);
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
  const near: number[] = [];
  for (let j = 0; j < norms.length; j++) {
    const doubt = 2 * roundingOfDistance * (norm + norms[j]!);
    if (norms[j]! - 2 * products[j]! <= least + doubt) near.push(j);
  }
  return near;
}

/** The few smallest of many numbers, and whose they are. */
class NearestFew {
  /** What a number has to be below to be taken. */
  farthest = Infinity;
  readonly indices: number[];
  readonly #values: Float64Array;

  constructor(count: number) {
    this.indices = new Array<number>(count).fill(0);
    this.#values = new Float64Array(count).fill(Infinity);
  }

  clear(): void {
    this.#values.fill(Infinity);
    this.farthest = Infinity;
  }

  /** Puts a number below `farthest` in its place. */
  add(value: number, index: number): void {
    let at = this.indices.length - 1;
    for (; at > 0 && this.#values[at - 1]! > value; at--) {
      this.#values[at] = this.#values[at - 1]!;
      this.indices[at] = this.indices[at - 1]!;
    }
    this.#values[at] = value;
    this.indices[at] = index;
    this.farthest = this.#values.at(-1)!;
  }
}
