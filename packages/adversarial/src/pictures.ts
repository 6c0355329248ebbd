import { ConfigError } from '@lab/core';

/** Pictures on the host: `data` in row-major order. */
export interface Pictures {
  readonly data: Float32Array;
  /** `[N, height, width, channels]` */
  readonly shape: readonly number[];
}

/** Pictures, each with its class. */
export interface LabelledPictures extends Pictures {
  /** `[N]`, integers from 0. */
  readonly labels: ArrayLike<number>;
}

/** The smallest and the largest value that a pixel can have. */
export type Bounds = readonly [min: number, max: number];

/** The pictures at `indices`, in that order. Copies. */
export function takePictures({ data, shape }: Pictures, indices: ArrayLike<number>): Pictures {
  const size = data.length / shape[0]!;
  const taken = new Float32Array(indices.length * size);
  for (let k = 0; k < indices.length; k++) {
    const at = indices[k]! * size;
    taken.set(data.subarray(at, at + size), k * size);
  }
  return { data: taken, shape: [indices.length, ...shape.slice(1)] };
}

/** Pictures `from` to `to`, exclusive; they share memory with all of them. */
export function slicePictures({ data, shape }: Pictures, from: number, to: number): Pictures {
  const size = data.length / shape[0]!;
  return { data: data.subarray(from * size, to * size), shape: [to - from, ...shape.slice(1)] };
}

/**
 * @throws ConfigError unless the pictures are of rank 4, at least one, as many pixels as their shape says, every pixel a
 *   number within the bounds.
 */
export function requirePictures({ data, shape }: Pictures, [min, max]: Bounds = [-Infinity, Infinity]): void {
  const size = shape.reduce((product, length) => product * length, 1);
  if (shape.length !== 4 || !(size > 0)) {
    const expected = '[N, height, width, channels], each at least 1';
    throw new ConfigError({ field: "The pictures' shape", value: [...shape], expected });
  }
  if (data.length !== size) {
    const expected = `${size}, as the shape [${shape.join(', ')}] says`;
    throw new ConfigError({ field: 'The number of pixels', value: data.length, expected });
  }
  const at = data.findIndex((value) => !(value >= min && value <= max));
  if (at === -1 && (min > -Infinity || data.every(Number.isFinite))) return;
  const bad = at === -1 ? data.findIndex((value) => !Number.isFinite(value)) : at;
  const where = `Pixel ${bad % (size / shape[0]!)} of picture ${Math.floor((bad * shape[0]!) / size)}`;
  const expected = min > -Infinity ? `within the bounds [${min}, ${max}]` : 'a finite number';
  throw new ConfigError({ field: where, value: data[bad], expected });
}

/** @throws ConfigError unless there are `count` labels, each an integer from 0 to `classes - 1`. */
export function requireLabels(labels: ArrayLike<number>, count: number, classes = Infinity): Int32Array {
  if (labels.length !== count) {
    throw new ConfigError({ field: 'The number of labels', value: labels.length, expected: `${count}, one a picture` });
  }
  return Int32Array.from(labels, (label, i) => {
    if (Number.isSafeInteger(label) && label >= 0 && label < classes) return label;
    const expected = `an integer from 0${classes < Infinity ? ` to ${classes - 1}` : ''}`;
    throw new ConfigError({ field: `Label ${i}`, value: label, expected });
  });
}
