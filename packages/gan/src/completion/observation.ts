import { ConfigError, type RandomKey, rejectUnknownOptions, requireInteger, requireNumber, tf } from '@lab/core';
import type { Pictures } from '../pictures.ts';

/** What is seen of pictures, and which of their pixels are seen as they are. */
export interface Observation {
  readonly name: string;
  /** What is seen of pictures `[N, height, width, channels]`: a linear map, and one that can be differentiated. */
  observe(images: tf.Tensor4D): tf.Tensor4D;
  /** 1 where a pixel is seen as it is and 0 where it is hidden, `[height, width, 1]`. */
  readonly known: Pictures;
}

/** Height and width of a picture. */
export type Size = readonly [height: number, width: number];

/** Options of `randomMask`. */
export interface RandomMaskOptions {
  /**
   * The share of pixels that is hidden, from 0 to 1.
   *
   * @default 0.2
   */
  readonly share?: number;
}

/**
 * Pictures of which some pixels are hidden.
 *
 * @param isHidden Of the pixel at row `y`, column `x`.
 */
export function masked(name: string, [height, width]: Size, isHidden: (y: number, x: number) => boolean): Observation {
  requireInteger('height', height, { min: 1 });
  requireInteger('width', width, { min: 1 });
  const data = Float32Array.from({ length: height * width }, (_, i) =>
    isHidden(Math.floor(i / width), i % width) ? 0 : 1,
  );
  const known = { data, shape: [height, width, 1] };
  // Chosen, not multiplied: what is hidden may be NaN.
  return { name, known, observe: (images) => tf.tidy(() => tf.where(isKnown(known), images, 0)) };
}

/** Where a pixel is seen as it is, `[height, width, 1]`, bool. */
export function isKnown({ data, shape }: Pictures): tf.Tensor3D {
  return tf.greater(tf.tensor3d(data, shape as [number, number, number]), 0);
}

/** Nothing is hidden: the search then finds the latent of a picture, G's inverse. */
export function nothingHidden(size: Size): Observation {
  return masked('nothing', size, () => false);
}

/** The middle half, both ways, is hidden. */
export function centreMask([height, width]: Size): Observation {
  const inMiddle = (at: number, size: number) => at >= Math.round(size / 4) && at < Math.round((3 * size) / 4);
  return masked('centre', [height, width], (y, x) => inMiddle(y, height) && inMiddle(x, width));
}

/** The left half is hidden. */
export function leftMask([height, width]: Size): Observation {
  return masked('left half', [height, width], (_, x) => x < width / 2);
}

/** All is hidden but one pixel in each square of 4 x 4. */
export function gridMask(size: Size): Observation {
  return masked('grid', size, (y, x) => y % 4 !== 0 || x % 4 !== 0);
}

/** Each pixel is hidden or not, by chance; the same ones in all pictures. */
export function randomMask([height, width]: Size, key: RandomKey, options: RandomMaskOptions = {}): Observation {
  rejectUnknownOptions('randomMask', options, ['share']);
  const share = requireNumber('share', options.share ?? 0.2, { min: 0, max: 1 });
  const draws = key.uniformArray(height * width);
  return masked('random', [height, width], (y, x) => draws[y * width + x]! < share);
}

/**
 * Only the means over blocks of `factor` x `factor` pixels are seen: completing is then super-resolution.
 *
 * @throws ConfigError unless height and width are multiples of the factor.
 */
export function lowResolution([height, width]: Size, factor = 4): Observation {
  requireInteger('factor', factor, { min: 2 });
  if (height % factor !== 0 || width % factor !== 0) {
    throw new ConfigError({ field: 'factor', value: factor, expected: `a divisor of ${height} and of ${width}` });
  }
  const { known } = masked('low resolution', [height, width], () => true);
  return { name: 'low resolution', known, observe: (images) => tf.avgPool(images, factor, factor, 'valid') };
}
