// Samplers by passes, and guidances, of the shipped model:
//   node --disable-warning=ExperimentalWarning examples/src/diffusion/record-samplers.ts [SAMPLES]
// writes examples/results/diffusion/samplers.json and samplers.md.
import { join } from 'node:path';
import { RandomKey, useBackend } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import { loadPretrained } from '@lab/diffusion';
import { loadMnist } from '@lab/mnist-data/node';
import { loadJudge } from '../judge/load-judge.ts';
import { readRealPictures } from '../judge/real-pictures.ts';
import { writeJson } from '../results/write-result.ts';
import { makeFolder } from '../run/files.ts';
import { thisMachine } from '../run/status.ts';
import { type SweepPoint, sweep } from './experiments.ts';
import { measuredModel } from './measured-model.ts';
import { shippedSampling } from './shipped-sampling.ts';

const seed = 0;
const count = Number(process.argv[2] ?? 1000);

const backend = await useBackend('simd');
const mnist = await loadMnist();
const real = await readRealPictures(await loadJudge(), mnist);
const floor = (await real.floor(count)).frechet.value;
const shipped = { model: await loadPretrained(), range: 'signed' } as const;
const measured = await measuredModel(shipped, mnist.test, { count, key: RandomKey.fromSeed(seed).child('judged') });
const tried = {
  sampling: shippedSampling,
  samplers: ['ddim', 'dpmSolver', 'heun'],
  passCounts: [10, 20, 50],
  guidances: [0, 1, 1.25, 1.5, 2, 3, 5],
} as const;
const { samplers, guidances } = await sweep(measured, tried, {
  tell: console.log,
  signal: new AbortController().signal,
});

const target = join(import.meta.dirname, '../../results/diffusion');
await makeFolder(target);
const about = { seed, count, floor, backend, machine: thisMachine() };
await writeJson(join(target, 'samplers.json'), { ...about, samplers, guidances });

const columns = ['passes', 'steps', 'guidance', 'FD', 'read as asked', 'recall', 'coverage', 'entropy'];
const cells = (name: string, { passes, steps, guidance, frechet, accuracy, recall, coverage, entropy }: SweepPoint) => [
  name,
  passes,
  steps,
  guidance,
  frechet?.toFixed(2),
  accuracy.toFixed(3),
  recall?.toFixed(3),
  coverage?.toFixed(3),
  entropy.toFixed(4),
];
const rows = [
  ['sampler', ...columns],
  ['sampler', ...columns].map(() => '---'),
  ...Object.entries(samplers).flatMap(([name, points]) => points.map((point) => cells(name, point))),
  ...guidances.map((point) => cells(shippedSampling.sampler, point)),
];
const note =
  `${count} pictures each, digits in turn, of the same first noise (seed ${seed}), on ${backend.name}; as many real ones have an FD of ` +
  `${floor.toFixed(2)}. Made by \`examples/src/diffusion/record-samplers.ts\`.`;
await writeFileAtomic(
  join(target, 'samplers.md'),
  `${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n\n${note}\n`,
);
process.exit(0);
