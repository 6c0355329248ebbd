import { join } from 'node:path';
import { loadPretrained, predictWith } from '@lab/adversarial';
import { RandomKey, type tf } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import { defenceReport } from '../adversarial/defence-report.ts';
import { budget, defendedNetwork, defenceSettings } from '../adversarial/defence-settings.ts';
import { measureDefence } from '../adversarial/measure-defence.ts';
import { trainDefence } from '../adversarial/train-defence.ts';
import { writeReport } from '../report/write-report.ts';
import { loadMnistFor } from '../run/data.ts';
import type { RunRequest } from '../run/config.ts';
import { runFiles } from '../run/files.ts';
import { openTask } from '../run/open-task.ts';
import { type RunState, thisMachine, writeStatus } from '../run/status.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { defaultFolder, nothingLeft, resumeCommand } from './outcome.ts';
import type { Task, TaskContext } from './task.ts';

/** The other half of lab task 2.4: a classifier that withstands the attacks. */
export const task24Defence: Task = {
  name: '2.4-defence',
  summary: 'adversarial training: a classifier that withstands PGD, beside one that does not: a report',
  options: ['preset', 'seed', 'backend', 'threads', 'out', 'resume', 'overwrite'],
  run: runDefence,
};

async function runDefence(request: RunRequest, context: TaskContext): Promise<number> {
  const { report, signal } = context;
  const folder = request.out ?? defaultFolder(request, request.task);
  const { config, backend, status } = await openTask(folder, request, {
    steps: defenceSettings[request.preset ?? 'quick'].steps,
  });
  if (status?.state === 'finished') {
    nothingLeft(folder, { state: 'finished', step: status.step, seconds: status.seconds }, context);
    return exitCodes.done;
  }
  const setting = defenceSettings[config.preset];
  const tell = (message: string) => report({ event: 'note', message });
  const saveStatus = (state: RunState, step: number, seconds: number) =>
    writeStatus(folder, { state, step, seconds, backend, machine: thisMachine(), memory: [] });
  tell(`${config.preset}: ${setting.summary}`);
  const { train, test } = await loadMnistFor(config.preset);
  const trained = await trainDefence(setting, train, { folder, seed: config.seed, signal, tell });
  const started = performance.now();
  const measure = (model: tf.LayersModel) =>
    measureDefence(predictWith(model), test, setting, { key: RandomKey.fromSeed(config.seed), signal, tell });
  if (!signal.aborted) tell('The classifier so trained, attacked:');
  const defended = signal.aborted ? undefined : await measure(trained.model);
  if (defended) tell('The judge, which was trained without attacks:');
  const plain = defended && (await measure(await loadPretrained()));
  if (plain === undefined || defended === undefined) {
    await saveStatus('stopped', trained.step, trained.seconds);
    const files = [{ path: join(folder, runFiles.checkpoint), what: 'to go on from' }];
    report({ event: 'done', files, resume: resumeCommand(request, folder) });
    return exitCodeOf('stopped', signal);
  }
  const seconds = { training: trained.seconds, measuring: Math.round((performance.now() - started) / 1000) };
  const about = { preset: config.preset, seed: config.seed, backend, machine: thisMachine(), seconds };
  const { readings } = trained;
  const results = { ...about, budget, setting, network: defendedNetwork, readings, defended, plain };
  await writeFileAtomic(join(folder, runFiles.results), `${JSON.stringify(results, null, 2)}\n`);
  const page = await writeReport(folder, defenceReport(results));
  await saveStatus('finished', trained.step, trained.seconds);
  report({
    event: 'done',
    files: [
      { path: page, what: 'all figures on one page; open it in a browser' },
      { path: join(folder, runFiles.checkpoint), what: 'the weights, under classifier/' },
    ],
  });
  return exitCodes.done;
}
