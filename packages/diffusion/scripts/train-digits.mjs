// Trains the model that ships and writes its weights, in half precision, with the log of the training. Needs a build:
//   pnpm --filter @lab/diffusion train-digits [folder] [steps]
// Stopped, it goes on from its last checkpoint in the folder. A seed decides the weights, on the backend simd with any number of threads.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adam, cosineDecay, Ema, RandomKey, useBackend } from '@lab/core';
import { readCheckpoint, writeCheckpoint } from '@lab/core/node';
import { endlessBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import {
  classConditionalModel,
  diffusionState,
  diffusionWeights,
  pretrainedRecipe,
  restoreDiffusion,
  trainableVariables,
  trainDiffusion,
} from '../dist/index.js';

const [folder = fileURLToPath(new URL('../weights', import.meta.url)), wanted = pretrainedRecipe.steps] =
  process.argv.slice(2);
const recipe = { ...pretrainedRecipe, steps: Number(wanted) };
const { seed, steps, batchSize, learningRate, warmup } = recipe;

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
const model = classConditionalModel(key.child('network'));
const variables = trainableVariables(model);
const schedule = cosineDecay({ learningRate, steps, warmup });
const ema = new Ema(variables, { decay: recipe.ema, warmup: true });
const training = { model, optimizer: adam({ learningRate: schedule }), ema };

if (existsSync(checkpoint)) {
  await restoreDiffusion(training, (await readCheckpoint(checkpoint)).tensors, checkpoint);
  await note({ resumedAt: training.optimizer.step });
} else {
  await rm(log, { force: true });
  await note({ parameters: model.network.countParams(), ...recipe, backend, ...details });
}

const startStep = training.optimizer.step;
const batches = endlessBatches(train, { batchSize, seed, range: 'signed', startStep, reuseArrays: true });
const started = performance.now();
const options = { ...training, key: key.child('training'), steps, startStep, metricsEvery: 10 };
let sum = 0;
let readings = 0;
for await (const { step, loss } of trainDiffusion(model, batches, options)) {
  sum += loss;
  readings += 1;
  if (step % 100 !== 0 && step !== steps) continue;
  await note({ step, loss: sum / readings, seconds: Math.round((performance.now() - started) / 1000) });
  [sum, readings] = [0, 0];
  if (step % 500 === 0) await writeCheckpoint(checkpoint, await diffusionState(training));
}

ema.copyTo(variables);
const weights = Object.entries(await diffusionWeights(model));
const half = Object.fromEntries(weights.map(([name, tensor]) => [name, { ...tensor, dtype: 'F16' }]));
await writeCheckpoint(join(folder, 'digits.safetensors'), half, { seed: String(seed), steps: String(steps) });
await rm(checkpoint, { force: true });
process.exit(0);
