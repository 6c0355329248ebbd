// unet-b64 as a user of @lab/diffusion writes it, or, with --forward, unet-forward-b64; serve-ours.ts says what the other
// arguments are.

import { adam, RandomKey, tf } from '@lab/core';
import { denoisingLoss, trainableVariables, unet } from '@lab/diffusion';
import { serveOurs, startBackend } from './serve-ours.ts';

await startBackend();
const key = RandomKey.fromSeed(0);
const model = { network: unet({ key: key.child('weights') }), classes: 10 };
const draw = (name: string) => key.child(name).normal<tf.Rank.R4>([64, 28, 28, 1]);
const batch = {
  input: draw('images'),
  target: draw('noise'),
  t: tf.tensor1d(Float32Array.from({ length: 64 }, (_, k) => (k * 991) % 1000)),
  labels: Array.from({ length: 64 }, (_, k) => k % 11),
};
const optimizer = adam({ learningRate: 1e-3 });
const variables = trainableVariables(model);

/** The update of `trainStep`, on a batch that is drawn once, as the peers have it. */
const train = () =>
  tf.tidy(() => optimizer.apply(tf.variableGrads(() => denoisingLoss(model, batch), variables).grads, variables));
const label = tf.tensor1d(batch.labels, 'int32');
const forward = () => tf.dispose(tf.tidy(() => model.network.apply([batch.input, batch.t, label]) as tf.Tensor));

await serveOurs(process.argv.includes('--forward') ? forward : train, { warmUp: 3 });
