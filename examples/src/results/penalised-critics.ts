// Do gradient penalties train without NaN? 5,000 steps of each, on a fully connected and on a convolutional critic:
//   node --disable-warning=ExperimentalWarning examples/src/results/penalised-critics.ts
// writes examples/results/penalised-critics.md. A DivergenceError ends it.

import { cpus } from 'node:os';
import { join } from 'node:path';
import { adam, RandomKey, useBackend } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import {
  type Gan,
  type GanLoss,
  type Penalty,
  dcgan,
  gradientPenalty,
  losses,
  r1,
  referenceMlp,
  trainGan,
} from '@lab/gan';
import { endlessBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';

const steps = 5000;
const batch = 16;
const seed = 0;
const key = RandomKey.fromSeed(seed);

const games: Record<string, { loss: GanLoss; penalty: Penalty }> = {
  'WGAN-GP': { loss: losses.wasserstein, penalty: gradientPenalty() },
  R1: { loss: losses.logistic, penalty: r1() },
};
const networks: Record<string, () => Gan> = {
  'fully connected': () => referenceMlp(key.child('networks')),
  convolutional: () => dcgan(key.child('networks'), { dNorm: 'none', width: 8 }),
};

const { name, details } = await useBackend('simd');
const { train } = await loadMnist();
const rows: string[] = [];
for (const [game, { loss, penalty }] of Object.entries(games)) {
  for (const [critic, make] of Object.entries(networks)) rows.push(await play(game, critic, make(), loss, penalty));
}
const table = [
  '# Penalised critics',
  '',
  `${steps} steps on ${name}, ${details.threads} threads of ${cpus()[0]?.model}, seed ${seed}, batch ${batch}, one D step a round, Adam 1e-4 (.5, .9); every loss and gradient norm was read and`,
  'was finite. Made by `examples/src/results/penalised-critics.ts`.',
  '',
  '| penalty | critic | D loss, mean of the last 100 | G loss | largest norm of a D gradient | seconds |',
  '| --- | --- | --- | --- | --- | --- |',
  ...rows,
  '',
];
await writeFileAtomic(join(import.meta.dirname, '../../results/penalised-critics.md'), table.join('\n'));

async function play(game: string, critic: string, gan: Gan, loss: GanLoss, penalty: Penalty): Promise<string> {
  const optimizer = () => adam({ learningRate: 1e-4, beta1: 0.5, beta2: 0.9 });
  const options = {
    loss,
    penalty,
    dOptimizer: optimizer(),
    gOptimizer: optimizer(),
    key: key.child('training'),
    steps,
  };
  const batches = endlessBatches(train, { batchSize: batch, seed, reuseArrays: true });
  const started = performance.now();
  let [dLoss, gLoss, largest] = [0, 0, 0];
  for await (const progress of trainGan(gan, batches, options)) {
    largest = Math.max(largest, progress.dGradNorm);
    if (progress.step <= steps - 100) continue;
    dLoss += progress.dLoss / 100;
    gLoss += progress.gLoss / 100;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const cells = [game, critic, dLoss.toFixed(3), gLoss.toFixed(3), largest.toPrecision(3), seconds];
  console.log(cells.join(' '));
  return `| ${cells.join(' | ')} |`;
}
