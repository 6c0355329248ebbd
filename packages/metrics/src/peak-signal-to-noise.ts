import { requirePairs } from './pictures.ts';
import type { Rows } from './rows.ts';

/**
 * Peak signal-to-noise ratio, in decibels: -10 log10 of the mean squared error over all pixels of all pictures, whose peak is 1.
 * Infinite for equal pictures.
 *
 * @param images `[N, ...]`, in [0, 1].
 * @param originals What each should be, of the same shape and range.
 * @throws ConfigError for shapes that differ, or numbers outside of [0, 1].
 */
export function peakSignalToNoise(images: Rows, originals: Rows): number {
  const [x, y] = requirePairs(images, originals);
  const squares = x.data.reduce((sum, value, at) => sum + (value - y.data[at]!) ** 2, 0);
  return -10 * Math.log10(squares / x.data.length);
}
