import { join } from 'node:path';
import { RandomKey } from '@lab/core';
import { loadPretrained } from '@lab/diffusion';
import { writeReport } from '../report/write-report.ts';
import { writeJson } from '../results/write-result.ts';
import { loadMnistFor } from '../run/data.ts';
import { runFiles } from '../run/files.ts';
import { openTask } from '../run/open-task.ts';
import { thisMachine } from '../run/status.ts';
import type { RunRequest } from '../run/config.ts';
import { exitCodeOf, exitCodes } from '../tasks/exit-codes.ts';
import { defaultFolder } from '../tasks/outcome.ts';
import type { Task, TaskContext } from '../tasks/task.ts';
import { putToUse, type UsesFindings } from './experiments.ts';
import { usesSettings } from './settings.ts';
import { usesReport } from './write-report.ts';

/** What a diffusion model is good for. */
export const usesTask: Task = {
  name: 'uses',
  summary: 'inpainting, super-resolution, image to image, interpolation and anomalies, by diffusion: a report',
  options: ['preset', 'seed', 'backend', 'threads', 'out', 'overwrite'],
  run: runUses,
};

async function runUses(request: RunRequest, { report, signal }: TaskContext): Promise<number> {
  const folder = request.out ?? defaultFolder(request, request.task);
  const { config, backend } = await openTask(folder, request, { steps: 1 });
  const { preset, seed } = config;
  const setting = usesSettings[preset];
  const tell = (message: string) => report({ event: 'note', message });
  tell(`${preset}: ${setting.summary}`);
  const started = performance.now();
  const key = RandomKey.fromSeed(seed);
  const findings = await putToUse(await loadPretrained(), await loadMnistFor(preset), setting, { key, tell, signal });
  if (findings === undefined) return exitCodeOf('stopped', signal);
  const seconds = Math.round((performance.now() - started) / 1000);
  const about = { preset, seed, setting, backend, machine: thisMachine(), seconds };
  await writeJson(join(folder, runFiles.results), { ...about, ...withoutPictures(findings) });
  const page = await writeReport(folder, usesReport(findings, `The model is the one that ships; preset ${preset}.`));
  report({ event: 'done', files: [{ path: page, what: 'all figures on one page; open it in a browser' }] });
  return exitCodes.done;
}

function withoutPictures({ subjects, ...findings }: UsesFindings): object {
  const isPicture = (name: string) => ['images', 'oddest'].includes(name);
  const numbers = JSON.parse(
    JSON.stringify(findings, (name, value: unknown) => (isPicture(name) ? undefined : value)),
  ) as object;
  return { pictures: subjects.labels.length, ...numbers };
}
