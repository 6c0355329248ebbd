// Trains a small classifier adversarially on MNIST (the network of Wong, Rice & Kolter 2020, the training of Madry et al.
// 2018 with fewer steps of attack) and attacks it: FGSM, PGD-40 with 5 restarts, and SPSA on some pictures. Needs a build:
//   pnpm --filter @lab/adversarial train-robust [epochs] [steps of attack] [pictures that are attacked]
import { RandomKey, adam, useBackend } from '@lab/core';
import { endlessBatches, orderedBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import { classifier, fgsm, pgd, predictWith, robustAccuracy, spsa, trainRobust } from '../dist/index.js';

const [epochs = 8, attackSteps = 5, attacked = 10_000] = process.argv.slice(2).map(Number);
const [seed, batchSize, epsilon, peak] = [1, 128, 0.3, 2e-3];

const note = (entry) => console.log(JSON.stringify(entry));
const { details } = await useBackend('simd');
const { train, test } = await loadMnist();
const key = RandomKey.fromSeed(seed);
const steps = Math.ceil((epochs * train.count) / batchSize);

const network = { blocks: [[16, 32]], kernelSize: 4, strides: 2, padding: 'same', pool: 1, hidden: [100] };
const model = classifier({ key: key.child('network'), ...network });
const batches = endlessBatches(train, { batchSize, seed, reuseArrays: true });
// The budget grows over the first third: at .3 from the start the classifier learns nothing but to guess.
const growing = (step) => epsilon * Math.min(1, step / (steps / 3));
// Up to the peak in two fifths of the steps, and down to zero: the authors' cyclic schedule.
const learningRate = (step) => peak * Math.min(step / (0.4 * steps), (steps - step) / (0.6 * steps));
note({
  parameters: model.countParams(),
  epochs,
  attackSteps,
  steps,
  seed,
  batchSize,
  epsilon,
  peak,
  ...network,
  ...details,
});

const started = performance.now();
const seconds = () => Math.round((performance.now() - started) / 1000);
const options = {
  optimizer: adam({ learningRate }),
  key: key.child('attack'),
  epsilon: growing,
  attackSteps,
  steps,
  metricsEvery: 500,
};
for await (const { step, loss, accuracy } of trainRobust(model, batches, options)) {
  note({ step, loss, accuracy, seconds: seconds() });
}

const [pictures] = orderedBatches(test, { batchSize: attacked });
const budget = { epsilon, batchSize: 250 };
const attacks = {
  FGSM: (...given) => fgsm(...given, budget),
  'PGD-40, 5 restarts': (...given) => pgd(...given, { ...budget, stepSize: 0.01, steps: 40, restarts: 5, key }),
};
const { clean, robust, ...white } = await robustAccuracy(predictWith(model), pictures, attacks);
note({ count: white.count, clean, robust, attacks: white.attacks, seconds: seconds() });

const [few] = orderedBatches(test, { batchSize: Math.min(attacked, 500) });
const black = { spsa: (...given) => spsa(...given, { ...budget, key, steps: 40, samples: 64 }) };
const blind = await robustAccuracy(predictWith(model), few, black);
note({ blackBox: true, count: blind.count, clean: blind.clean, robust: blind.robust, seconds: seconds() });
process.exit(0);
