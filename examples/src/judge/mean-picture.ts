import { type LabelledImages, toFloat } from '@lab/mnist-data';

/** The mean of all pictures, in [0, 1], `[rows * cols]`. */
export function meanPicture(images: LabelledImages): Float32Array {
  const size = images.rows * images.cols;
  const sums = new Float64Array(size);
  toFloat(images, 'all', 'unit').forEach((value, i) => (sums[i % size]! += value));
  return Float32Array.from(sums, (sum) => sum / images.count);
}
