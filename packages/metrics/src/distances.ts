import type { Matrix } from './rows.ts';

/**
 * Both less the mean of `b`: distances stay what they are, and their float32 form |x|^2 + |y|^2 - 2 x y loses less when
 * the norms are small.
 */
export function centre(a: Matrix, b: Matrix): readonly [Matrix, Matrix] {
  const mean = new Float64Array(b.size);
  b.data.forEach((value, i) => (mean[i % b.size]! += value / b.count));
  const shifted = (matrix: Matrix): Matrix => ({
    ...matrix,
    data: matrix.data.map((value, i) => value - mean[i % matrix.size]!),
  });
  const centred = shifted(b);
  return [a === b ? centred : shifted(a), centred];
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
