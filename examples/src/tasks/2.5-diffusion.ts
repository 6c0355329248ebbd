import { join } from 'node:path';
import { RandomKey, useBackend } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import { trainableVariables } from '@lab/diffusion';
import { loadMnist } from '@lab/mnist-data/node';
import { experiment } from '../diffusion/experiments.ts';
import { settings } from '../diffusion/settings.ts';
import { train } from '../diffusion/train.ts';
import { diffusionReport } from '../diffusion/write-report.ts';
import { writeReport } from '../report/write-report.ts';
import { runFiles } from '../run/files.ts';
import { thisMachine } from '../run/status.ts';
import type { RunRequest } from '../run/config.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { defaultFolder, resumeCommand } from './outcome.ts';
import type { Task, TaskContext } from './task.ts';

/** Lab task 2.5: diffusion. */
export const task25: Task = {
  name: '2.5',
  summary: 'diffusion: any wanted digit, the way from noise, steps and guidance against quality: a report',
  options: ['preset', 'seed', 'steps', 'batch', 'backend', 'threads', 'out', 'resume', 'overwrite'],
  run: runDiffusion,
};

async function runDiffusion(request: RunRequest, { report, signal }: TaskContext): Promise<number> {
  const { preset = 'quick', seed = 0, threads, mode } = request;
  const setting = settings[preset];
  const { steps = setting.steps, batch = setting.batch } = request;
  const folder = request.out ?? defaultFolder(request, request.task);
  const tell = (message: string) => report({ event: 'note', message });
  const backend = await useBackend(request.backend, threads === undefined ? {} : { threads });
  const mnist = await loadMnist();
  tell(`${preset}: ${setting.summary}`);
  const trained = await train(setting, mnist.train, { folder, mode, seed, steps, batch, signal, tell });
  if (!trained.isFinished) {
    const resume = resumeCommand(request, folder);
    report({ event: 'done', files: [{ path: join(folder, runFiles.checkpoint), what: 'to go on from' }], resume });
    return exitCodeOf('stopped', signal);
  }
  trained.ema.swap(trainableVariables(trained.model));
  const key = RandomKey.fromSeed(seed).child('samples');
  const findings = await experiment(trained.model, mnist.test, setting, { key, tell });
  const { overall, samplers, guidances } = findings;
  const { losses, seconds } = trained;
  const numbers = {
    preset,
    seed,
    steps,
    batch,
    backend,
    machine: thisMachine(),
    seconds,
    losses,
    overall,
    samplers,
    guidances,
  };
  await writeFileAtomic(join(folder, 'results.json'), `${JSON.stringify(numbers, null, 2)}\n`);
  const page = await writeReport(folder, diffusionReport(findings, trained));
  report({ event: 'done', files: [{ path: page, what: 'all figures on one page; open it in a browser' }] });
  return exitCodes.done;
}
