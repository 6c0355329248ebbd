import { RandomKey, tf } from '@lab/core';
import { classifier } from '../src/index.ts';
import type { Pictures } from '../src/pictures.ts';
import { goldenNoise, goldenTensor } from './golden-noise.ts';

const networks = {
  pooled: { kernelSize: 3, strides: 1, padding: 'valid', pool: 2 },
  strided: { kernelSize: 4, strides: 2, padding: 'same', pool: 1 },
} as const;

export type GoldenNetwork = keyof typeof networks;
export const goldenNetworks = Object.keys(networks) as GoldenNetwork[];

/** The classifier of golden/network.py with the weights that it has there. */
export function goldenClassifier(name: GoldenNetwork): tf.LayersModel {
  const sizes = { blocks: [[3, 4]], hidden: [12], imageShape: [12, 12, 1], classes: 4 } as const;
  const model = classifier({ key: RandomKey.fromSeed(1), ...sizes, ...networks[name] });
  model.weights.forEach((weight, i) => {
    const shape = weight.shape as number[];
    const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const scale = shape.length > 1 ? 2.5 / Math.sqrt(fanIn) : 0.1;
    tf.tidy(() => (weight.read() as tf.Variable).assign(goldenTensor(shape, 10 + i, scale)));
  });
  return model;
}

/** `pictures` of golden/network.py. */
export function goldenPictures(count: number): Pictures {
  return { data: goldenNoise(count * 144, 1, 0.5, 0.5), shape: [count, 12, 12, 1] };
}
