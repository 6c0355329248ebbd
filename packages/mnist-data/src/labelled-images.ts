import { DataFormatError } from './data-format-error.ts';
import type { IdxArray } from './idx.ts';
import { requireInteger } from './option-error.ts';

/** Grey pictures of one size, each with its class. */
export interface LabelledImages {
  /** Pixels `[count, rows, cols]`, row-major, 0 (background) to 255 (ink). */
  readonly images: Uint8Array;
  /** Class of each picture, `[count]`. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly rows: number;
  readonly cols: number;
}

/** A data set in its two canonical parts. */
export interface Dataset {
  readonly name: string;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** Number of classes; labels run from 0 to `classes - 1`. */
  readonly classes: number;
}

/** Names of the two files a {@link LabelledImages} was read from. */
export interface PairSources {
  readonly images: string;
  readonly labels: string;
}

/**
 * Joins an array of pictures `[N, rows, cols]` and one of labels `[N]`, both uint8, without copying.
 *
 * @throws DataFormatError if they are of another type or rank, hold nothing, or differ in number
 */
export function pairImagesWithLabels(images: IdxArray, labels: IdxArray, sources: PairSources): LabelledImages {
  const pixels = requireBytes(images, 3, 'images [N, rows, cols]', sources.images);
  const classes = requireBytes(labels, 1, 'labels [N]', sources.labels);
  const [count = 0, rows = 0, cols = 0] = images.shape;
  if (pixels.length === 0) {
    throw new DataFormatError(`holds no pixel: shape [${images.shape.join(', ')}]`, {
      source: sources.images,
      offset: 4,
    });
  }
  if (classes.length !== count) {
    const problem = `${classes.length} labels for the ${count} images of ${sources.images}`;
    throw new DataFormatError(problem, { source: sources.labels, offset: 4 });
  }
  return { images: pixels, labels: classes, count, rows, cols };
}

/**
 * The pictures at `indices`, in that order; an index may come more than once. Copies.
 *
 * @throws OptionError if an index is out of range
 */
export function subset(images: LabelledImages, indices: ArrayLike<number>): LabelledImages {
  const size = images.rows * images.cols;
  const pixels = new Uint8Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  for (let k = 0; k < indices.length; k++) {
    const index = requireInteger(`indices[${k}]`, indices[k], { max: images.count - 1 });
    pixels.set(images.images.subarray(index * size, (index + 1) * size), k * size);
    labels[k] = images.labels[index]!;
  }
  return { images: pixels, labels, count: indices.length, rows: images.rows, cols: images.cols };
}

function requireBytes({ shape, data }: IdxArray, rank: number, expected: string, source: string): Uint8Array {
  if (shape.length === rank && data instanceof Uint8Array) return data;
  const found = `a ${data.constructor.name} of shape [${shape.join(', ')}]`;
  throw new DataFormatError(`holds ${found}; expected ${expected} as unsigned bytes`, { source, offset: 2 });
}
