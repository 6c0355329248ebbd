import { join } from 'node:path';
import { RandomKey } from '@lab/core';
import { loadPretrained, trainableVariables } from '@lab/diffusion';
import type { Dataset } from '@lab/mnist-data';
import { compare, type Compared } from '../compare/compare.ts';
import { contenders } from '../compare/contenders.ts';
import { showpieces, sweep } from '../diffusion/experiments.ts';
import { measuredModel } from '../diffusion/measured-model.ts';
import { type Setting, settings } from '../diffusion/settings.ts';
import { type Trained, train } from '../diffusion/train.ts';
import { diffusionReport, type OfShipped, type OfTrained } from '../diffusion/write-report.ts';
import { loadJudge } from '../judge/load-judge.ts';
import { writeReport } from '../report/write-report.ts';
import { writeJson } from '../results/write-result.ts';
import { loadMnistFor } from '../run/data.ts';
import { runFiles } from '../run/files.ts';
import { openTask } from '../run/open-task.ts';
import { thisMachine, writeStatus } from '../run/status.ts';
import type { RunRequest } from '../run/config.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { defaultFolder, resumeCommand } from './outcome.ts';
import type { Task, TaskContext } from './task.ts';

/** Lab task 2.5: diffusion. */
export const task25: Task = {
  name: '2.5',
  summary:
    'diffusion: any wanted digit, the way from noise, steps and guidance against quality, and beside GANs: a report',
  options: ['preset', 'seed', 'steps', 'batch', 'backend', 'threads', 'out', 'resume', 'overwrite'],
  run: runDiffusion,
};

async function runDiffusion(request: RunRequest, { report, signal }: TaskContext): Promise<number> {
  const folder = request.out ?? defaultFolder(request, request.task);
  const { steps, batch } = settings[request.preset ?? 'quick'];
  const task = await openTask(folder, request, { steps: request.steps ?? steps, batch: request.batch ?? batch });
  const { preset, seed } = task.config;
  const setting = settings[preset];
  const tell = (message: string) => report({ event: 'note', message });
  const mnist = await loadMnistFor(preset);
  tell(`${preset}: ${setting.summary}`);
  const trained = await train(setting, mnist.train, { folder, task, report, signal });
  const key = RandomKey.fromSeed(seed).child('samples');
  const context = { key, tell, signal, mnist };
  const own = trained.isFinished ? await ofTrained(trained, setting, context) : undefined;
  const shipped = trained.isFinished && !signal.aborted ? await ofShipped(setting, context) : undefined;
  if (own === undefined || shipped === undefined || signal.aborted) {
    const files = [{ path: join(folder, runFiles.checkpoint), what: 'to go on from' }];
    report({ event: 'done', files, resume: resumeCommand(request, folder) });
    return exitCodeOf('stopped', signal);
  }

  const { seconds, losses } = trained;
  const { backend } = task;
  const machine = thisMachine();
  const numbers = { losses, quality: own.quality, sweeps: shipped.sweeps, comparison: shipped.comparison };
  await writeJson(join(folder, runFiles.results), { ...task.config, backend, machine, seconds, ...numbers });
  const page = await writeReport(folder, diffusionReport(own, shipped));
  await writeStatus(folder, { state: 'finished', step: trained.step, seconds, backend, machine, memory: [] });
  report({ event: 'done', files: [{ path: page, what: 'all figures on one page; open it in a browser' }] });
  return exitCodes.done;
}

interface Context {
  readonly key: RandomKey;
  readonly tell: (message: string) => void;
  readonly signal: AbortSignal;
  readonly mnist: Dataset;
}

/** What the model that was trained here draws, by the averages of its weights. */
async function ofTrained(trained: Trained, setting: Setting, { key, tell, mnist }: Context): Promise<OfTrained> {
  tell('what it draws');
  const variables = trainableVariables(trained.model);
  const model = { model: trained.model, range: setting.range };
  trained.ema.swap(variables);
  const shown = await showpieces(model, key, setting.sampling);
  const measured = await measuredModel(model, mnist.test, { count: setting.judged, key: key.child('judged') });
  const quality = await measured.measure(setting.sampling);
  trained.ema.swap(variables);
  return { ...trained, ...shown, quality, judged: setting.judged };
}

/** What the shipped model draws, how it depends on samplers and guidance, and how it compares with GANs. */
async function ofShipped(setting: Setting, { key, tell, signal, mnist }: Context): Promise<OfShipped> {
  const model = { model: await loadPretrained(), range: 'signed' } as const;
  const count = setting.judged;
  const measured = await measuredModel(model, mnist.test, { count, key: key.child('judged') });
  const shown = await showpieces(model, key, setting.sweep.sampling);
  const sweeps = await sweep(measured, setting.sweep, { tell, signal });
  const comparison: Compared[] = [];
  if (setting.compared > 0 && !signal.aborted) {
    tell(`the comparison, ${setting.compared} pictures of each model`);
    const judge = await loadJudge();
    const drawn = { judge, dataset: mnist, count: setting.compared, key: key.child('compared') };
    for await (const row of compare(await contenders(), drawn)) {
      comparison.push(row);
      if (signal.aborted) break;
    }
  }
  return { ...shown, judged: count, sweeps, comparison, compared: setting.compared };
}
