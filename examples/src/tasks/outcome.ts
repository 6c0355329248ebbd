import { join } from 'node:path';
import type { RunRequest } from '../run/config.ts';
import { runFiles, samplesFile } from '../run/files.ts';
import type { RunOutcome } from '../run/train-run.ts';
import type { TaskContext } from './task.ts';

/** runs/gan-logistic-quick-seed0: what tells the usual runs apart. */
export function defaultFolder({ preset = 'quick', seed = 0 }: RunRequest, what: string): string {
  return join('runs', `${what}-${preset}-seed${seed}`);
}

/** All else is in the folder. */
export function resumeCommand({ task, threads }: RunRequest, folder: string): string {
  const quoted = /^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", `'\\''`)}'`;
  return `npm run lab -- ${task} --out ${quoted} --resume${threads === undefined ? '' : ` --threads ${threads}`}`;
}

/** What a user should look at, the most telling first. */
export function runFilesToOpen(folder: string, { state, step }: Pick<RunOutcome, 'state' | 'step'>) {
  return [
    { path: join(folder, runFiles.report), what: 'the whole run on one page; open it in a browser' },
    ...(state === 'finished' ? [{ path: join(folder, samplesFile(step)), what: 'samples after the last step' }] : []),
    { path: join(folder, runFiles.animation), what: 'how they came about' },
  ];
}

/** Tells that a run to resume has nothing left to do. */
export function nothingLeft<Outcome extends RunOutcome>(
  folder: string,
  outcome: Outcome,
  { report }: TaskContext,
): Outcome {
  const { state, step, divergence } = outcome;
  const how = state === 'diverged' ? `diverged: ${divergence?.message ?? ''}` : `finished, at step ${step}.`;
  report({ event: 'note', message: `${folder}: this run has ${how} Nothing is left to do; --overwrite begins anew.` });
  return outcome;
}
