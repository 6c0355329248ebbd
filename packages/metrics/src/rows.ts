import { ConfigError } from '@lab/core';

/**
 * Numbers as they cross package borders, row-major: `[N, D]` features, `[N, C]` probabilities, `[N, H, W]` or
 * `[N, H, W, 1]` pictures. From a tensor: `{ data: await x.data(), shape: x.shape }`.
 */
export interface Rows {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Rows that were checked, what follows N flattened: `data` is `[count, size]`. */
export interface Matrix {
  readonly data: Float32Array;
  readonly count: number;
  readonly size: number;
}

/**
 * @param field Names the rows in errors.
 * @throws ConfigError unless `rows` holds at least `atLeast` rows of finite numbers, as many as its shape says.
 */
export function requireRows(field: string, rows: Rows, atLeast = 1): Matrix {
  const { data, shape } = rows ?? {};
  if (!(data instanceof Float32Array) || !Array.isArray(shape) || shape.length < 2) {
    throw new ConfigError({ field, value: rows, expected: '{ data: Float32Array, shape: [N, D] }' });
  }
  const [count, size] = [shape[0] as number, shape.slice(1).reduce((product: number, n: number) => product * n, 1)];
  if (!(count >= atLeast && size >= 1)) {
    const expected = `[N, D] with ${atLeast === 1 ? 'one row' : `${atLeast} rows`} or more`;
    throw new ConfigError({ field: `The shape of ${field}`, value: shape, expected });
  }
  if (data.length !== count * size) {
    const expected = `as long as its shape [${shape.join(', ')}] says, ${count * size} numbers`;
    throw new ConfigError({ field: `The data of ${field}`, value: `${data.length} numbers`, expected });
  }
  requireFinite(field, data, size);
  return { data, count, size };
}

/** @throws ConfigError unless both have rows of one size. */
export function requireSameSize(samples: { readonly size: number }, reference: { readonly size: number }): void {
  if (samples.size === reference.size) return;
  const expected = `${reference.size}, as in the reference (features of one network)`;
  throw new ConfigError({ field: 'The number of features of the samples', value: samples.size, expected });
}

/** Rows `from` to `to`, without copying. */
export function sliceRows({ data, shape }: Rows, from: number, to: number): Rows {
  const size = data.length / shape[0]!;
  return { data: data.subarray(from * size, to * size), shape: [to - from, ...shape.slice(1)] };
}

/** Copies of the rows at `indices`, in that order; an index may come more than once. */
export function pickRows({ data, shape }: Rows, indices: ArrayLike<number>): Rows {
  const size = data.length / shape[0]!;
  const picked = new Float32Array(indices.length * size);
  for (let k = 0; k < indices.length; k++) {
    picked.set(data.subarray(indices[k]! * size, (indices[k]! + 1) * size), k * size);
  }
  return { data: picked, shape: [indices.length, ...shape.slice(1)] };
}

function requireFinite(field: string, data: Float32Array, size: number): void {
  // NaN and infinity are the numbers whose difference from themselves isn't 0: one sum tells whether there are any.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]! - data[i]!;
  if (sum === 0) return;
  const at = data.findIndex((value) => !Number.isFinite(value));
  const where = `Row ${Math.floor(at / size)}, column ${at % size} of ${field}`;
  const hint = 'The network that made it has probably diverged.';
  throw new ConfigError({ field: where, value: data[at], expected: 'a finite number', hint });
}
