import { join } from 'node:path';
import { defaultLoss, type RunConfig, type RunRequest } from '../run/config.ts';
import { runFiles, samplesFile } from '../run/files.ts';
import { type Found, requireSameRun } from '../run/folder.ts';
import type { RunOutcome } from '../run/train-run.ts';
import { exitCodes } from './exit-codes.ts';
import type { TaskContext } from './task.ts';

/** runs/gan-logistic-quick-seed0: what tells the usual runs apart. */
export function defaultFolder({ task, loss, preset = 'quick', seed = 0 }: RunRequest): string {
  const of = task === 'gan' ? `gan-${loss ?? defaultLoss}` : task;
  return join('runs', `${of}-${preset}-seed${seed}`);
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

/** For a run to resume that has nothing left to do: says so. */
export function alreadyEnded(folder: string, request: RunRequest, found: Found<RunConfig> | undefined) {
  const status = found?.status;
  if (found === undefined || status === undefined) return undefined;
  const { state, step, divergence } = status;
  if (state !== 'finished' && state !== 'diverged') return undefined;
  requireSameRun(folder, request, found.config);
  return ({ report }: TaskContext): number => {
    const how = state === 'finished' ? `finished, at step ${step}` : `diverged: ${divergence?.message ?? ''}`;
    report({
      event: 'note',
      message: `${folder}: this run has ${how}. Nothing is left to do; --overwrite begins anew.`,
    });
    report({ event: 'done', files: runFilesToOpen(folder, { state, step }) });
    return state === 'finished' ? exitCodes.done : exitCodes.diverged;
  };
}
