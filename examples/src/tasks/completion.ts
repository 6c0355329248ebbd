import { join } from 'node:path';
import { RandomKey } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import { completionFigure, completionReport } from '../latent/completion-report.ts';
import { completeTestPictures } from '../latent/completions.ts';
import { openTrained, trainedOperand, trainedOptions } from '../latent/open-trained.ts';
import type { PresetName } from '../presets.ts';
import { writeReport } from '../report/write-report.ts';
import { writeJson } from '../results/write-result.ts';
import { thisMachine } from '../run/status.ts';
import { loadMnistFor } from '../run/data.ts';
import type { RunRequest } from '../run/config.ts';
import { exitCodes } from './exit-codes.ts';
import type { Task, TaskContext } from './task.ts';

const sizes: Readonly<Record<PresetName, { pictures: number; steps: number }>> = {
  smoke: { pictures: 4, steps: 3 },
  quick: { pictures: 16, steps: 100 },
  lab: { pictures: 64, steps: 200 },
  paper: { pictures: 64, steps: 1000 },
};

/** Completion: the search for latents behind five kinds of masks. */
export const completionTask: Task = {
  name: 'completion',
  operands: trainedOperand,
  summary: 'completes test pictures behind five masks by a trained GAN, low resolution among them: a report',
  options: trainedOptions,
  run: runCompletion,
};

async function runCompletion(request: RunRequest, context: TaskContext, operands: readonly string[]): Promise<number> {
  const { preset = 'quick', seed = 0 } = request;
  const { folder, trained, backend } = await openTrained(request, operands);
  const started = performance.now();
  const tell = (message: string) => context.report({ event: 'note', message });
  const plan = { trained, key: RandomKey.fromSeed(seed).child('completion'), ...sizes[preset], tell };
  const result = await completeTestPictures(plan, await loadMnistFor(preset));
  const seconds = Math.round((performance.now() - started) / 1000);
  for (const mask of result.masks) {
    const path = join(folder, `${mask.findings.name.replaceAll(' ', '-')}.png`);
    await writeFileAtomic(path, completionFigure(result.images, mask));
  }
  const setting = { preset, seed, ...sizes[preset], by: trained.name, backend, machine: thisMachine(), seconds };
  const masks = result.masks.map(({ findings }) => findings);
  await writeJson(join(folder, 'results.json'), { ...setting, masks });
  const page = await writeReport(folder, completionReport(trained.name, result));
  context.report({
    event: 'done',
    files: [{ path: page, what: 'pictures and errors on one page; open it in a browser' }],
  });
  return exitCodes.done;
}
