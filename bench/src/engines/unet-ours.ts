// unet-b64 as a user of @lab/diffusion writes it, or, with --forward, unet-forward-b64; serve-ours.ts says what the other
// arguments are.

import { adam, RandomKey, tf } from '@lab/core';
import { denoiseStep, unet } from '@lab/diffusion';
import { serveOurs, startBackend } from './serve-ours.ts';

await startBackend();
const key = RandomKey.fromSeed(0);
const model = unet({ key: key.child('weights') });
const draw = (name: string) => key.child(name).normal<tf.Rank.R4>([64, 28, 28, 1]);
const batch = {
  xt: draw('images'),
  noise: draw('noise'),
  t: tf.tensor1d(Float32Array.from({ length: 64 }, (_, k) => (k * 991) % 1000)),
  label: tf.tensor1d(Int32Array.from({ length: 64 }, (_, k) => k % 11)),
};
const options = { optimizer: adam({ learningRate: 1e-3 }), metrics: false } as const;

const train = () => denoiseStep(model, batch, options);
const forward = () => tf.dispose(tf.tidy(() => model.apply([batch.xt, batch.t, batch.label]) as tf.Tensor));

await serveOurs(process.argv.includes('--forward') ? forward : train, { warmUp: 3 });
