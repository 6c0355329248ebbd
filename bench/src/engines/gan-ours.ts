// gan-b128 as a user of @lab/gan writes it. Arguments: a backend's name, --threads N, --plain (no relaxed SIMD).

import { parseArgs } from 'node:util';
import { adam, type BackendName, RandomKey, tf, useBackend } from '@lab/core';
import { losses, referenceMlp, trainStep } from '@lab/gan';
import { serveWindows } from '../window-server.ts';

const WARM_UP = 100;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string' }, plain: { type: 'boolean', default: false } },
});
await useBackend((positionals[0] ?? 'auto') as BackendName | 'auto', {
  ...(values.threads === undefined ? {} : { threads: Number(values.threads) }),
  ...(values.plain ? { relaxed: false } : {}),
});

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
const step = () => trainStep(gan, real, latents.child(count++), options);

for (let i = 0; i < WARM_UP; i++) step();
const { kernels } = await tf.profile(step);
await serveWindows(step, () => tf.nextFrame(), {
  kernelsPerStep: kernels.length,
  versions: { 'tfjs-core': tf.version_core },
});
