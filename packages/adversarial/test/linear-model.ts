import { RandomKey, tf } from '@lab/core';
import type { Pictures, Predict } from '../src/index.ts';

export const key = RandomKey.fromSeed(6);
export const classes = 3;
export const [height, width] = [4, 3];
export const size = height * width;

/** Logits that are a linear function of the pixels, drawn from a key. */
export function linear(from: RandomKey): Predict {
  const weights = from.child('weights').normalArray(size * classes);
  const bias = from.child('bias').normalArray(classes, 0, 0.3);
  return (images) =>
    tf.add(
      tf.matMul(tf.reshape(images, [-1, size]) as tf.Tensor2D, tf.tensor2d(weights, [size, classes])),
      tf.tensor1d(bias),
    );
}

export function draw(from: RandomKey, count: number): Pictures {
  return { data: from.child('pictures').uniformArray(count * size), shape: [count, height, width, 1] };
}

export async function readAs(predict: Predict, pictures: Pictures): Promise<number[]> {
  const logits = tf.tidy(() => predict(tf.tensor4d(pictures.data, pictures.shape as [number, number, number, number])));
  const rows = (await logits.array()) as number[][];
  logits.dispose();
  return rows.map((row) => row.indexOf(Math.max(...row)));
}
