// Trains the conditional GAN that ships and writes its generator's averaged weights, in half precision, with the log of the training.
// Needs a build:
//   pnpm --filter @lab/cgan train-digits [folder] [steps]
// Stopped, it goes on from its last checkpoint in the folder. A seed decides the weights, on the backend simd with any number of threads.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adam, cosineDecay, RandomKey, useBackend } from '@lab/core';
import { readCheckpoint, writeCheckpoint } from '@lab/core/node';
import { ganState, ganWeights, generatorAverage, logistic, restoreGan, trainGan, withAverage } from '@lab/gan';
import { endlessBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import {
  convolutionalCgan,
  pretrainedNetworks,
  pretrainedPenalty as penalty,
  pretrainedRecipe,
} from '../dist/index.js';

const [folder = fileURLToPath(new URL('../weights', import.meta.url)), wanted = pretrainedRecipe.steps] =
  process.argv.slice(2);
const recipe = { ...pretrainedRecipe, steps: Number(wanted) };
const { seed, steps, batchSize, learningRate, beta1 } = recipe;

const log = join(folder, 'digits-training.jsonl');
const checkpoint = join(folder, 'digits-checkpoint.safetensors');
await mkdir(folder, { recursive: true });

async function note(entry) {
  const line = JSON.stringify(entry);
  console.log(line);
  await appendFile(log, `${line}\n`);
}

const { name: backend, details } = await useBackend('simd');
const { train } = await loadMnist();
const key = RandomKey.fromSeed(seed);
const gan = convolutionalCgan(key.child('networks'), pretrainedNetworks);
const optimizer = () => adam({ learningRate: cosineDecay({ learningRate, steps }), beta1 });
const gAverage = generatorAverage(gan, { decay: recipe.ema, warmup: true });
const training = { gan, dOptimizer: optimizer(), gOptimizer: optimizer(), gAverage };
const rules = { loss: logistic.name, penalty: penalty.name };

if (existsSync(checkpoint)) {
  await restoreGan(training, (await readCheckpoint(checkpoint)).tensors, checkpoint);
  await note({ resumedAt: training.gOptimizer.step });
} else {
  await rm(log, { force: true });
  const [parameters, dParameters] = [gan.generator.countParams(), gan.discriminator.countParams()];
  await note({ parameters, dParameters, ...pretrainedNetworks, ...rules, ...recipe, backend, ...details });
}

const startStep = training.gOptimizer.step;
const batches = endlessBatches(train, { batchSize, seed, startStep, reuseArrays: true });
const options = {
  ...training,
  loss: logistic,
  penalty,
  key: key.child('training'),
  steps,
  startStep,
  metricsEvery: 100,
};
const started = performance.now();
for await (const { step, dLoss, gLoss, dReal, dFake } of trainGan(gan, batches, options)) {
  await note({ step, dLoss, gLoss, dReal, dFake, seconds: Math.round((performance.now() - started) / 1000) });
  if (step % 500 === 0) await writeCheckpoint(checkpoint, await ganState(training));
}

const weights = Object.entries(await withAverage(gan, gAverage, () => ganWeights(gan)));
const ofGenerator = weights.filter(([name]) => name.startsWith('generator/'));
const half = Object.fromEntries(ofGenerator.map(([name, tensor]) => [name, { ...tensor, dtype: 'F16' }]));
await writeCheckpoint(join(folder, 'digits.safetensors'), half, { seed: String(seed), steps: String(steps) });
await rm(checkpoint, { force: true });
process.exit(0);
