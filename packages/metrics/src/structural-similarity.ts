import { ConfigError } from '@lab/core';
import { requireGrey, requirePairs } from './pictures.ts';
import type { Rows } from './rows.ts';

const [width, sigma, k1, k2] = [11, 1.5, 0.01, 0.03];

/**
 * Structural similarity, picture by picture, `[N]`: 1 for equal ones, near 0 for unrelated ones, below it for negatives. Means over
 * Gaussian windows of 11 pixels, those alone that lie within the picture.
 *
 * Wang, Bovik, Sheikh & Simoncelli 2004, "Image Quality Assessment", equation 13 and section III.C.
 *
 * @param images `[N, H, W]` or `[N, H, W, 1]` in [0, 1], 11 pixels or more high and wide.
 * @param originals What each is compared with, of the same shape and range; images and originals may change places.
 * @throws ConfigError for shapes that differ or are smaller, or numbers outside of [0, 1].
 */
export function structuralSimilarity(images: Rows, originals: Rows): Float64Array {
  const [a, b] = requirePairs(images, originals);
  const [height, columns] = requireGrey('images', images);
  if (Math.min(height, columns) < width) {
    const expected = `[N, H, W] with ${width} pixels or more each way, the window's width`;
    throw new ConfigError({ field: 'The shape of images', value: images.shape, expected });
  }
  return Float64Array.from({ length: a.count }, (_, i) => {
    const [x, y] = [a, b].map(({ data, size }) => Float64Array.from(data.subarray(i * size, (i + 1) * size)));
    return similarity(x!, y!, columns);
  });
}

function similarity(x: Float64Array, y: Float64Array, columns: number): number {
  const blurred = (values: Float64Array) => blur(blur(values, columns), values.length / columns);
  const product = (p: Float64Array, q: Float64Array) => blurred(p.map((value, i) => value * q[i]!));
  const [meanX, meanY, xx, yy, xy] = [blurred(x), blurred(y), product(x, x), product(y, y), product(x, y)];
  const [c1, c2] = [k1 ** 2, k2 ** 2];
  const map = meanX.map((mx, i) => {
    const my = meanY[i]!;
    const [varX, varY, covariance] = [xx[i]! - mx * mx, yy[i]! - my * my, xy[i]! - mx * my];
    return ((2 * mx * my + c1) * (2 * covariance + c2)) / ((mx * mx + my * my + c1) * (varX + varY + c2));
  });
  return map.reduce((sum, value) => sum + value, 0) / map.length;
}

const weights = gaussian();

/** Along the rows, and transposed, so that a second one goes along the columns. */
function blur(values: Float64Array, columns: number): Float64Array {
  const rows = values.length / columns;
  const kept = columns - width + 1;
  const result = new Float64Array(rows * kept);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < kept; column++) {
      const at = row * columns + column;
      result[column * rows + row] = weights.reduce((sum, weight, k) => sum + weight * values[at + k]!, 0);
    }
  }
  return result;
}

function gaussian(): number[] {
  const heights = Array.from({ length: width }, (_, i) => Math.exp(-((i - (width - 1) / 2) ** 2) / (2 * sigma ** 2)));
  const total = heights.reduce((sum, height) => sum + height, 0);
  return heights.map((height) => height / total);
}
