import type { Matrix } from './rows.ts';

/**
 * Both less the mean of `b`: distances stay what they are, and their float32 form |x|^2 + |y|^2 - 2 x y loses less when
 * the norms are small.
 */
export function centre(a: Matrix, b: Matrix): readonly [Matrix, Matrix] {
  const mean = columnMeans(b);
  const centred = subtract(b, mean);
  return [a === b ? centred : subtract(a, mean), centred];
}

/** |x|^2 of each row, `[count]`. */
export function squaredNorms({ data, count, size }: Matrix): Float64Array {
  const norms = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let at = i * size; at < (i + 1) * size; at++) sum += data[at]! * data[at]!;
    norms[i] = sum;
  }
  return norms;
}

/** |x - y|^2 of one row of each, in float64. */
export function squaredDistance(a: Matrix, i: number, b: Matrix, j: number): number {
  let sum = 0;
  for (let d = 0; d < a.size; d++) {
    const gap = a.data[i * a.size + d]! - b.data[j * b.size + d]!;
    sum += gap * gap;
  }
  return sum;
}

/**
 * How far a squared distance of two rows may be off when it is made of float32 products, over the sum of their squared
 * norms: rounding of at most a thousand products, with room to spare.
 */
export const roundingOfDistance = 2e-5;

function columnMeans({ data, count, size }: Matrix): Float64Array {
  const sums = new Float64Array(size);
  for (let at = 0; at < data.length; at += size) for (let d = 0; d < size; d++) sums[d]! += data[at + d]!;
  return sums.map((sum) => sum / count);
}

function subtract({ data, count, size }: Matrix, mean: Float64Array): Matrix {
  const shifted = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += size) {
    for (let d = 0; d < size; d++) shifted[at + d] = data[at + d]! - mean[d]!;
  }
  return { data: shifted, count, size };
}
