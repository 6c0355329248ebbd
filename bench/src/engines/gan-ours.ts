// gan-b128 as a user of @lab/gan writes it, or, with --dark, gan-b128-dark: G's margin of four pixels is as dark as long training
// makes it, and the real one is black. serve-ours.ts says what the other arguments are.

import { adam, RandomKey, tf } from '@lab/core';
import { losses, referenceMlp, trainStep } from '@lab/gan';
import { serveOurs, startBackend } from './serve-ours.ts';

await startBackend();
const key = RandomKey.fromSeed(0);
const gan = referenceMlp(key.child('weights'));
const noise = key.child('real').uniform([128, 28, 28, 1]) as tf.Tensor4D;
const isDark = process.argv.includes('--dark');
const real = isDark ? blacken(noise) : noise;
const options = {
  loss: losses.logistic,
  dOptimizer: adam({ learningRate: 1e-3 }),
  gOptimizer: adam({ learningRate: 1e-3 }),
  metrics: false,
} as const;
const latents = key.child('latents');
let count = 0;

if (isDark) darken(gan.generator);

await serveOurs(() => trainStep(gan, real, latents.child(count++), options), { warmUp: 100 });

/** The pictures with a margin of zeros. */
function blacken(pictures: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = pictures.shape;
  const inside = tf.slice4d(pictures, [0, 4, 4, 0], [-1, height - 8, width - 8, -1]);
  return tf.pad4d(inside, [
    [0, 0],
    [4, 4],
    [4, 4],
    [0, 0],
  ]);
}

/** Gives G's last biases -70 to -100 in the margin: the sigmoid of -88 is 6e-39, a subnormal number. */
function darken(generator: tf.LayersModel): void {
  const bias = generator.getLayer('generator_pixels').getWeights()[1]!;
  const dark = Float32Array.from({ length: 784 }, (_, i) => {
    const isInside = [i % 28, Math.floor(i / 28)].every((at) => at >= 4 && at < 24);
    return isInside ? 0 : -70 - (30 * i) / 783;
  });
  (bias as tf.Variable).assign(tf.tensor1d(dark));
}
