// How much of what task 2.3 reads as asked is its judge's doing? The recorded runs' samples, read by both classifiers that ship and
// by two of the shape and training of an earlier measurement's judge (conv 16 and 32, dense 128, six epochs):
//   node --disable-warning=ExperimentalWarning examples/src/results/cgan-judges.ts
// writes examples/results/cgan-judges.json.
import { join } from 'node:path';
import { loadPretrained } from '@lab/adversarial';
import { referenceCgan } from '@lab/cgan';
import { RandomKey, useBackend } from '@lab/core';
import { loadMnist } from '@lab/mnist-data/node';
import type { Classifier } from '../adversarial/experiments.ts';
import { allOf } from '../adversarial/pictures.ts';
import { trainPlainClassifier, withAccuracy } from '../adversarial/plain-classifier.ts';
import { classifierJudge } from '../judge/judge.ts';
import { generatorFile } from '../run/files.ts';
import { thisMachine } from '../run/status.ts';
import { scorerByClassifier } from './scorers.ts';
import { scoreSnapshot } from './snapshot-scores.ts';
import { writeJson } from './write-result.ts';

const runs = ['cgan-lab-seed0', 'cgan-lab-seed1'];
const marks = [10_000, 20_000, 50_000, 100_000];

const { name, details } = await useBackend('simd');
const mnist = await loadMnist();
const test = allOf(mnist.test);
const { signal } = new AbortController();
const plain = (seed: number) => trainPlainClassifier(mnist, { key: RandomKey.fromSeed(seed), seed, signal });
const classifiers: Readonly<Record<string, () => Promise<Classifier>>> = {
  judge: async () => withAccuracy(await loadPretrained(), test),
  second: async () => withAccuracy(await loadPretrained('second'), test),
  plain0: () => plain(0),
  plain1: () => plain(1),
};

const target = join(import.meta.dirname, '../../results');
const gan = referenceCgan(RandomKey.fromSeed(0));
const judges: Record<string, object> = {};
for (const [judge, make] of Object.entries(classifiers)) {
  const { model, accuracy } = await make();
  const { scorer, floor } = await scorerByClassifier(classifierJudge(model), mnist);
  const real = (await floor()).distances?.frechet.value;
  const readings = [];
  for (const run of runs) {
    for (const mark of marks) {
      const scores = await scoreSnapshot(join(target, run), generatorFile(mark), gan, scorer);
      const { step, entropy, conditional, distances } = scores;
      readings.push({ run, step, readAsAsked: conditional?.accuracy, entropy, frechet: distances?.frechet });
      console.log(judge, run, step, conditional?.accuracy.value, entropy, distances?.frechet.value);
    }
  }
  judges[judge] = { testAccuracy: accuracy, frechetOfRealPictures: real, readings };
}
const file = join(target, 'cgan-judges.json');
await writeJson(file, { machine: thisMachine(), backend: { name, details }, judges });
console.log(`${file} has it`);
