import { RandomKey, type tf } from '@lab/core';
import { type ConditionalGan, convolutionalCgan, mirza, referenceCgan } from '../src/index.ts';

const key = RandomKey.fromSeed(2);

/** Every kind of network, small enough for the slowest backend, with the shape of its images. */
export const kinds: Record<string, { make: () => ConditionalGan; shape: [number, number, number] }> = {
  reference: {
    make: () => referenceCgan(key, { classes: 3, latentDim: 4, hidden: 6, imageShape: [4, 5, 1] }),
    shape: [4, 5, 1],
  },
  mirza: { make: () => mirza(key, { shrink: 40 }), shape: [28, 28, 1] },
  projection: { make: () => small('projection'), shape: [8, 8, 1] },
  'projection of a hidden layer': { make: () => small('projection', 5), shape: [8, 8, 1] },
  auxiliary: { make: () => small('auxiliary'), shape: [8, 8, 1] },
};

function small(discriminator: 'projection' | 'auxiliary', hidden = 0): ConditionalGan {
  return convolutionalCgan(key, { classes: 3, latentDim: 4, width: 2, imageShape: [8, 8, 1], discriminator, hidden });
}

export function dispose({ generator, discriminator }: ConditionalGan): void {
  generator.dispose();
  discriminator.dispose();
}

export function weightsOf(model: tf.LayersModel): number[][] {
  return model.weights.map((weight) => [...weight.read().dataSync()]);
}
