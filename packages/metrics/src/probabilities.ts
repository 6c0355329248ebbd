import { ConfigError, requireInteger } from '@lab/core';
import { type Matrix, requireRows, type Rows } from './rows.ts';

/** Further from 1 than float32 rounding takes a softmax over some classes. */
const tolerance = 1e-3;

/** @throws ConfigError unless `rows` is `[N, C]`, C at least 2, and each row a distribution. */
export function requireProbabilities(field: string, rows: Rows): Matrix {
  const matrix = requireRows(field, rows);
  if (matrix.size < 2) {
    throw new ConfigError({
      field: `The shape of ${field}`,
      value: rows.shape,
      expected: '[N, C] with two classes or more',
    });
  }
  for (let i = 0; i < matrix.count; i++) {
    const row = matrix.data.subarray(i * matrix.size, (i + 1) * matrix.size);
    const sum = row.reduce((total, p) => total + p, 0);
    if (Math.abs(sum - 1) <= tolerance && row.every((p) => p >= 0)) continue;
    const hint = 'Logits become probabilities by a softmax.';
    throw new ConfigError({
      field: `Row ${i} of ${field}`,
      value: [...row],
      expected: 'at least 0, with the sum 1',
      hint,
    });
  }
  return matrix;
}

/** @throws ConfigError unless there are `count` labels, each an integer from 0 to `classes - 1`. */
export function requireLabels(field: string, labels: ArrayLike<number>, count: number, classes: number): void {
  if (labels.length !== count) {
    throw new ConfigError({ field: `The number of ${field}`, value: labels.length, expected: `${count}, one a row` });
  }
  for (let i = 0; i < count; i++) requireInteger(`${field}[${i}]`, labels[i], { min: 0, max: classes - 1 });
}

/**
 * The likeliest class of each row, `[N]`; the first of equals.
 *
 * @param probabilities `[N, C]`
 * @throws ConfigError unless each row is a distribution.
 */
export function predictedLabels(probabilities: Rows): Int32Array {
  const { data, count, size } = requireProbabilities('probabilities', probabilities);
  return Int32Array.from({ length: count }, (_, i) => {
    let best = 0;
    for (let c = 1; c < size; c++) if (data[i * size + c]! > data[i * size + best]!) best = c;
    return best;
  });
}
