// gan-b128 as a user of @lab/gan writes it; serve-ours.ts says what its arguments are.

import { adam, RandomKey } from '@lab/core';
import { losses, referenceMlp, trainStep } from '@lab/gan';
import { serveOurs, startBackend } from './serve-ours.ts';

await startBackend();
const key = RandomKey.fromSeed(0);
const gan = referenceMlp(key.child('weights'));
const real = key.child('real').uniform([128, 28, 28, 1]);
const options = {
  loss: losses.logistic,
  dOptimizer: adam({ learningRate: 1e-3 }),
  gOptimizer: adam({ learningRate: 1e-3 }),
  metrics: false,
} as const;
const latents = key.child('latents');
let count = 0;

await serveOurs(() => trainStep(gan, real, latents.child(count++), options), { warmUp: 100 });
