// Which change keeps the classes of task 2.2's logistic run, which loses them by 100,000 steps?
//   node --disable-warning=ExperimentalWarning examples/src/cures/run-cure.ts NAME [SEED] [THREADS]
// trains one cure (see cures.ts) in runs/cure-NAME-seedN, goes on there if it was broken off, scores its generators and keeps
// the scores in examples/results/cures, whose table it writes again.

import { join } from 'node:path';
import { requireInteger, requireOneOf, useBackend } from '@lab/core';
import { loadMnist } from '@lab/mnist-data/node';
import { loadJudge } from '../judge/load-judge.ts';
import { scorerByClassifier } from '../results/scorers.ts';
import { writeJson } from '../results/write-result.ts';
import { makeFolder } from '../run/files.ts';
import { thisMachine } from '../run/status.ts';
import { cureNames } from './cures.ts';
import { scoreCure } from './score-cure.ts';
import { trainCure } from './train-cure.ts';
import { writeCureTable } from './write-cure-table.ts';

const [typed, typedSeed = '0', typedThreads] = process.argv.slice(2);
const name = requireOneOf('The cure', typed ?? 'none', cureNames);
const seed = requireInteger('The seed', Number(typedSeed), { min: 0 });
const backend = await useBackend(
  'simd',
  typedThreads === undefined ? {} : { threads: requireInteger('The threads', Number(typedThreads), { min: 1 }) },
);
const mnist = await loadMnist();
const run = { name, seed, folder: join('runs', `cure-${name}-seed${seed}`) };
await trainCure(run, mnist.train, (line) => console.log(new Date().toISOString(), line));

const target = join(import.meta.dirname, '../../results/cures');
await makeFolder(target);
const { scorer } = await scorerByClassifier(await loadJudge(), mnist);
const scores = await scoreCure(run, scorer, join(target, `${name}-seed${seed}.png`));
const { name: on, details } = backend;
await writeJson(join(target, `${name}-seed${seed}.json`), {
  name,
  seed,
  backend: { name: on, details },
  machine: thisMachine(),
  scores,
});
console.log(`${await writeCureTable(target)} has it`);
