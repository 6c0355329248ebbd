import * as tf from './tf.js';

/** How far apart two values may be: `|actual - expected| <= absolute + relative * |expected|`. */
export interface Tolerance {
  /** @default 1e-5 */
  readonly absolute?: number;
  /** @default 1e-5 */
  readonly relative?: number;
}

/** What a tensor can be compared with. Without a shape only the values, in row-major order, are compared. */
export type ExpectedTensor =
  tf.Tensor | number | readonly number[] | Float32Array | Float64Array | Int32Array | Uint8Array;

/**
 * Fails unless two tensors have equal shapes and close values. NaN equals NaN, infinities equal themselves.
 *
 * @throws Error naming the worst element: its position, both values, and how many others differ.
 */
export function expectTensorsClose(actual: tf.Tensor, expected: ExpectedTensor, tolerance: Tolerance = {}): void {
  if (expected instanceof tf.Tensor && !tf.util.arraysEqual(actual.shape, expected.shape)) {
    throw new Error(`Expected shape [${expected.shape.join(', ')}], found [${actual.shape.join(', ')}].`);
  }
  const found = Float64Array.from(actual.dataSync());
  const wanted = hostValues(expected);
  if (found.length !== wanted.length) throw new Error(`Expected ${wanted.length} values, found ${found.length}.`);
  const excess = found.map((value, i) => excessOf(value, wanted[i]!, tolerance));
  const differing = excess.filter((value) => value > 0).length;
  if (differing === 0) return;
  const worst = excess.indexOf(Math.max(...excess.map((value) => (value > 0 ? value : 0))));
  const where = tf.util.indexToLoc(worst, actual.rank, tf.util.computeStrides(actual.shape).concat(1)).join(', ');
  throw new Error(
    `${differing} of ${found.length} values differ. Worst at [${where}]: expected ${wanted[worst]}, found ${found[worst]}.`,
  );
}

function hostValues(expected: ExpectedTensor): Float64Array {
  if (expected instanceof tf.Tensor) return Float64Array.from(expected.dataSync());
  return typeof expected === 'number' ? Float64Array.of(expected) : Float64Array.from(expected);
}

/** How much further apart than allowed; Infinity where one is NaN or another infinity. */
function excessOf(found: number, wanted: number, { absolute = 1e-5, relative = 1e-5 }: Tolerance): number {
  if (Object.is(found, wanted) || found === wanted) return 0;
  const excess = Math.abs(found - wanted) - absolute - relative * Math.abs(wanted);
  return Number.isFinite(excess) ? Math.max(0, excess) : Infinity;
}
