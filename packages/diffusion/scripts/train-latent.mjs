// Trains the latent model that ships, first its autoencoder, then its U-Net, and writes its weights in half precision, with the log:
//   pnpm --filter @lab/diffusion train-latent [folder] [steps of the autoencoder] [steps of the U-Net]
// Stopped, it goes on from its last checkpoint in the folder. A seed decides the weights, on the backend simd with any number of threads.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adam, cosineDecay, Ema, RandomKey, useBackend } from '@lab/core';
import { readCheckpoint, writeCheckpoint } from '@lab/core/node';
import { endlessBatches, orderedBatches, subset } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import {
  diffusionState,
  latentBatches,
  latentModel,
  latentRecipe,
  latentWeights,
  measureLatents,
  restoreDiffusion,
  restoreLatent,
  trainableVariables,
  trainAutoencoder,
  trainDiffusion,
} from '../dist/index.js';

const { seed, batchSize, learningRate, warmup } = latentRecipe;
const [folder = fileURLToPath(new URL('../weights', import.meta.url)), ...wanted] = process.argv.slice(2);
const [autoencoderSteps = latentRecipe.autoencoderSteps, steps = latentRecipe.steps] = wanted.map(Number);

const log = join(folder, 'latent-training.jsonl');
const smallFile = join(folder, 'latent-autoencoder.safetensors');
const checkpoint = join(folder, 'latent-checkpoint.safetensors');
await mkdir(folder, { recursive: true });

async function note(entry) {
  const line = JSON.stringify(entry);
  console.log(line);
  await appendFile(log, `${line}\n`);
}

/** The means of what `of` names, every hundred steps. */
async function follow(progresses, of, last, visit = () => undefined) {
  const started = performance.now();
  let readings = [];
  for await (const progress of progresses) {
    const { step } = progress;
    readings.push(progress);
    if (step % 100 !== 0 && step !== last) continue;
    const mean = (name) => readings.reduce((sum, reading) => sum + reading[name], 0) / readings.length;
    const means = Object.fromEntries(of.map((name) => [name, mean(name)]));
    await note({ step, ...means, seconds: Math.round((performance.now() - started) / 1000) });
    readings = [];
    await visit(step);
  }
}

const scheduleTo = (last) => cosineDecay({ learningRate, steps: last, warmup: Math.min(warmup, last) });

const { name: backend, details } = await useBackend('simd');
const { train } = await loadMnist();
const key = RandomKey.fromSeed(seed);
let model = latentModel(key);
const recipe = { batchSize, learningRate, warmup, seed, backend, ...details };
const common = { batchSize, seed, range: 'signed', reuseArrays: true };

if (existsSync(smallFile)) {
  model = restoreLatent(model, (await readCheckpoint(smallFile)).tensors, smallFile);
} else {
  const { encoder, decoder } = model.autoencoder;
  await rm(log, { force: true });
  await note({ autoencoder: encoder.countParams() + decoder.countParams(), steps: autoencoderSteps, ...recipe });
  const optimizer = adam({ learningRate: scheduleTo(autoencoderSteps) });
  const options = { optimizer, key: key.child('autoencoder training'), steps: autoencoderSteps, metricsEvery: 10 };
  const progresses = trainAutoencoder(model.autoencoder, endlessBatches(train, common), options);
  await follow(progresses, ['loss', 'reconstruction', 'divergence'], autoencoderSteps);
  const some = subset(
    train,
    Array.from({ length: latentRecipe.measured }, (_, i) => i),
  );
  const scale = await measureLatents(model.autoencoder, orderedBatches(some, { batchSize: 250, range: 'signed' }));
  model = { ...model, scale };
  await note({ scale });
  await writeCheckpoint(smallFile, await latentWeights(model));
}

const variables = trainableVariables(model.diffusion);
const ema = new Ema(variables, { decay: latentRecipe.ema, warmup: true });
const training = { model: model.diffusion, optimizer: adam({ learningRate: scheduleTo(steps) }), ema };
if (existsSync(checkpoint)) {
  await restoreDiffusion(training, (await readCheckpoint(checkpoint)).tensors, checkpoint);
  await note({ resumedAt: training.optimizer.step });
} else {
  await note({ unet: model.diffusion.network.countParams(), steps, ema: ema.decay, ...recipe });
}
const startStep = training.optimizer.step;
const pictures = endlessBatches(train, { ...common, seed: seed + 1, startStep });
const batches = latentBatches(model, pictures, { key: key.child('latents'), startStep });
const options = { ...training, key: key.child('training'), steps, startStep, metricsEvery: 10 };
await follow(trainDiffusion(model.diffusion, batches, options), ['loss'], steps, async (step) => {
  if (step % 500 === 0) await writeCheckpoint(checkpoint, await diffusionState(training));
});

ema.copyTo(variables);
const weights = Object.entries(await latentWeights(model));
// The scale is a handful of numbers that every other is multiplied by: it stays exact.
const half = ([name, tensor]) => [name, name.startsWith('scale/') ? tensor : { ...tensor, dtype: 'F16' }];
const metadata = { seed: String(seed), steps: `${autoencoderSteps}+${steps}` };
await writeCheckpoint(join(folder, 'latent.safetensors'), Object.fromEntries(weights.map(half)), metadata);
await Promise.all([checkpoint, smallFile].map((file) => rm(file, { force: true })));
process.exit(0);
