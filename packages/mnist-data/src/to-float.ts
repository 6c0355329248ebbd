import type { LabelledImages } from './labelled-images.ts';
import { OptionError, requireInteger, requireOneOf } from './option-error.ts';

/** How pixels 0..255 become floats: `unit` is [0, 1], `signed` is [-1, 1]. */
export type PixelRange = 'unit' | 'signed';

const ranges = ['unit', 'signed'] as const;

/** One float for each of the 256 pixel values: a look-up is several times quicker than the arithmetic. */
const tables: Readonly<Record<PixelRange, Float32Array>> = {
  unit: Float32Array.from({ length: 256 }, (_, pixel) => pixel / 255),
  signed: Float32Array.from({ length: 256 }, (_, pixel) => (2 * pixel) / 255 - 1),
};

/** Returns `range` if it is a pixel range. @throws OptionError */
export function requireRange(range: unknown): PixelRange {
  return requireOneOf('range', range, ranges);
}

/**
 * Pictures as floats `[indices.length, rows, cols, 1]`, row-major.
 *
 * @param indices which pictures, in which order; or `'all'`
 * @param range `'unit'` for [0, 1], `'signed'` for [-1, 1]
 * @param out written to and returned if given; must be of exactly the right length
 * @throws OptionError if an index, the range or the length of `out` is wrong
 */
export function toFloat(
  images: LabelledImages,
  indices: ArrayLike<number> | 'all',
  range: PixelRange = 'unit',
  out?: Float32Array,
): Float32Array {
  const table = tables[requireRange(range)];
  const size = images.rows * images.cols;
  const length = (indices === 'all' ? images.count : indices.length) * size;
  if (out && out.length !== length) throw new OptionError('out.length', out.length, String(length));
  const floats = out ?? new Float32Array(length);
  if (indices === 'all') {
    lookUp(table, images.images, 0, floats, 0, length);
    return floats;
  }
  for (let k = 0; k < indices.length; k++) {
    const index = requireInteger(`indices[${k}]`, indices[k], { max: images.count - 1 });
    lookUp(table, images.images, index * size, floats, k * size, size);
  }
  return floats;
}

function lookUp(
  table: Float32Array,
  pixels: Uint8Array,
  from: number,
  floats: Float32Array,
  to: number,
  length: number,
): void {
  const last = from + length;
  let i = from;
  let o = to;
  // Four at a time takes three quarters of the time of one at a time.
  for (; i + 4 <= last; i += 4, o += 4) {
    floats[o] = table[pixels[i]!]!;
    floats[o + 1] = table[pixels[i + 1]!]!;
    floats[o + 2] = table[pixels[i + 2]!]!;
    floats[o + 3] = table[pixels[i + 3]!]!;
  }
  for (; i < last; i++, o++) floats[o] = table[pixels[i]!]!;
}
