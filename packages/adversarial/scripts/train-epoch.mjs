// Trains the default classifier for one epoch of MNIST, and says what it reads of the test set. Needs a build:
//   pnpm --filter @lab/adversarial train-epoch [seed]
import { adam, cosineDecay, RandomKey, useBackend } from '@lab/core';
import { endlessBatches, orderedBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import { classifier, evaluate, predictWith, trainClassifier } from '../dist/index.js';

const seed = Number(process.argv[2] ?? 1);
const [batchSize, learningRate] = [128, 1e-3];

const { name: backend, details } = await useBackend('simd');
const { train, test } = await loadMnist();
const [testPictures] = orderedBatches(test, { batchSize: test.count });
const steps = Math.floor(train.count / batchSize);

const model = classifier({ key: RandomKey.fromSeed(seed) });
const batches = endlessBatches(train, { batchSize, seed, reuseArrays: true });
const options = { optimizer: adam({ learningRate: cosineDecay({ learningRate, steps }) }), steps, metricsEvery: 100 };
const started = performance.now();
let last;
for await (last of trainClassifier(model, batches, options));
const seconds = Math.round((performance.now() - started) / 1000);
const { accuracy } = await evaluate(predictWith(model), testPictures);
const recipe = { seed, batchSize, learningRate, backend, threads: details.threads };
console.log(JSON.stringify({ ...recipe, steps: last.step, seconds, testAccuracy: accuracy }));
process.exit(0);
