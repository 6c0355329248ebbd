// Trains a judge and writes its weights, in half precision, with the log of the training. Needs a build:
//   pnpm --filter @lab/adversarial train-judge [judge|second] [folder]
// A seed decides the weights, on the backend simd with any number of threads.
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ema, RandomKey, adam, cosineDecay, useBackend } from '@lab/core';
import { readCheckpoint, writeCheckpoint } from '@lab/core/node';
import { endlessBatches, orderedBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import {
  classifierWeights,
  evaluate,
  judgeRecipes,
  predictWith,
  restoreWeights,
  shiftedBatches,
  trainClassifier,
  trainableVariables,
  untrainedJudge,
} from '../dist/index.js';

const name = process.argv[2] ?? 'judge';
const { seed } = judgeRecipes[name];
const epochs = { judge: 10, second: 6 }[name];
const batchSize = 128;
const learningRate = 1e-3;

const folder = process.argv[3] ?? fileURLToPath(new URL('../weights', import.meta.url));
const log = join(folder, `${name}-training.jsonl`);
await mkdir(folder, { recursive: true });
await rm(log, { force: true });

async function note(entry) {
  const line = JSON.stringify(entry);
  console.log(line);
  await appendFile(log, `${line}\n`);
}

const { name: backend, details } = await useBackend('simd');
const { train, test } = await loadMnist();
const [testPictures] = orderedBatches(test, { batchSize: test.count });
const key = RandomKey.fromSeed(seed);
const stepsPerEpoch = Math.ceil(train.count / batchSize);
const steps = epochs * stepsPerEpoch;

const model = untrainedJudge(key.child('network'), name);
const variables = trainableVariables(model);
const ema = new Ema(variables, { decay: 0.999, warmup: true });
const batches = endlessBatches(train, { batchSize, seed, reuseArrays: true });
const moved = shiftedBatches(batches, { key: key.child('shifts'), most: 2 });

const recipe = { epochs, batchSize, learningRate, seed, shift: 2, ema: ema.decay, backend, ...details };
await note({ parameters: model.countParams(), steps, ...recipe });
const started = performance.now();
const seconds = () => Math.round((performance.now() - started) / 1000);
const options = {
  optimizer: adam({ learningRate: cosineDecay({ learningRate, steps }) }),
  ema,
  steps,
  metricsEvery: 100,
};
let sum = 0;
let readings = 0;
for await (const { step, loss } of trainClassifier(model, moved, options)) {
  sum += loss;
  readings += 1;
  if (readings % 10 !== 0 && step !== steps) continue;
  await note({ step, loss: sum / readings, seconds: seconds() });
  [sum, readings] = [0, 0];
}
ema.copyTo(variables);

const weights = Object.entries(await classifierWeights(model));
const half = Object.fromEntries(weights.map(([name, tensor]) => [name, { ...tensor, dtype: 'F16' }]));
const file = join(folder, `${name}.safetensors`);
const trainingSeconds = seconds();
await writeCheckpoint(file, half, { seed: String(seed), steps: String(steps) });
restoreWeights(model, (await readCheckpoint(file)).tensors, file);
const { accuracy, crossEntropy, perClass, calibrationError } = await evaluate(predictWith(model), testPictures);
await note({ step: steps, seconds: trainingSeconds, testAccuracy: accuracy, crossEntropy, perClass, calibrationError });
process.exit(0);
