import '@tensorflow/tfjs-backend-cpu';
import { loadPretrained } from '@lab/adversarial';
import { tf } from '@lab/core';

/** The page's one function, as the test calls it: what a judge makes of pictures `[N, 28, 28, 1]` in [0, 1]. */
export type ReadPictures = (name: 'judge' | 'second', pixels: readonly number[]) => Promise<number[][]>;

export const readPictures: ReadPictures = async (name, pixels) => {
  await tf.setBackend('cpu');
  const model = await loadPretrained(name);
  const pictures = tf.tensor4d([...pixels], [pixels.length / 784, 28, 28, 1]);
  return tf.tidy(() => (model.apply(pictures) as tf.Tensor2D).arraySync());
};

Object.assign(globalThis, { readPictures });
