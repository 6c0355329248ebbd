import type { tf } from '@lab/core';
import type { Gan } from '../src/index.ts';

export const shapes = (model: tf.LayersModel) => model.weights.map((weight) => weight.shape);
export const values = (weight: tf.LayerVariable) => weight.read().dataSync();
export const disposeGan = ({ generator, discriminator }: Gan) =>
  [generator, discriminator].forEach((model) => model.dispose());

/** Mean and standard deviation of these numbers themselves, not of what they were drawn from. */
export function spread(numbers: ArrayLike<number>) {
  const list = Array.from(numbers);
  const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
  return { mean, std: Math.sqrt(list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / list.length) };
}
