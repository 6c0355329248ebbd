import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluate, loadPretrained, predictWith } from '@lab/adversarial';
import { RandomKey, useBackend } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import { orderedBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import { experiment } from '../adversarial/experiments.ts';
import { adversarialReport } from '../adversarial/write-report.ts';
import { writeReport } from '../report/write-report.ts';
import { inspectFolder } from '../run/folder.ts';
import { thisMachine } from '../run/status.ts';
import type { PresetName } from '../presets.ts';
import type { RunRequest } from '../run/config.ts';
import { exitCodes } from './exit-codes.ts';
import { defaultFolder } from './outcome.ts';
import type { Task, TaskContext } from './task.ts';

/** Pictures that are attacked at most; the test set has 982 fours. */
const limits: Readonly<Record<PresetName, number>> = { smoke: 8, quick: 150, lab: 10_000, paper: 10_000 };

/** Lab task 2.4: adversarial examples. */
export const task24: Task = {
  name: '2.4',
  summary: 'adversarial examples: 4 to 9 and noise to 9, by every attack, on the pretrained classifier: a report',
  options: ['preset', 'seed', 'backend', 'threads', 'out', 'overwrite'],
  run: runAdversarial,
};

async function runAdversarial(request: RunRequest, { report }: TaskContext): Promise<number> {
  const { preset = 'quick', seed = 0, threads, mode } = request;
  const folder = request.out ?? defaultFolder(request, request.task);
  await inspectFolder(folder, mode);
  const backend = await useBackend(request.backend, threads === undefined ? {} : { threads });
  const started = performance.now();
  const { test } = await loadMnist();
  const predict = predictWith(await loadPretrained());
  const [pictures] = orderedBatches(test, { batchSize: test.count });
  const { accuracy } = await evaluate(predict, pictures!);
  const tell = (message: string) => report({ event: 'note', message });
  const findings = await experiment(predict, test, { limit: limits[preset], key: RandomKey.fromSeed(seed), tell });
  await mkdir(folder, { recursive: true });
  const { read, sweep, reference, targets, minimal } = findings;
  const seconds = Math.round((performance.now() - started) / 1000);
  const setting = { preset, seed, backend, machine: thisMachine(), seconds };
  const numbers = { ...setting, accuracy, read, sweep, reference, targets, minimal };
  await writeFileAtomic(join(folder, 'results.json'), `${JSON.stringify(numbers, null, 2)}\n`);
  const page = await writeReport(folder, adversarialReport(findings, accuracy));
  report({ event: 'done', files: [{ path: page, what: 'all figures on one page; open it in a browser' }] });
  return exitCodes.done;
}
