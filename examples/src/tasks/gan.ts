import { writeRunReport } from '../report/run-report.ts';
import { defaultLoss, type RunConfig, type RunRequest } from '../run/config.ts';
import { inspectFolder, requireSameRun } from '../run/folder.ts';
import { openSession } from '../run/session.ts';
import { endedOutcome, type RunOutcome, trainRun } from '../run/train-run.ts';
import { exitCodeOf } from './exit-codes.ts';
import { defaultFolder, nothingLeft, resumeCommand, runFilesToOpen } from './outcome.ts';
import { withResumeHint } from './resume-hint.ts';
import { type Task, type TaskContext, trainingOptions } from './task.ts';

/** One GAN, with any loss. */
export const ganTask: Task = {
  name: 'gan',
  summary: 'train the vanilla GAN once, with any loss',
  options: ['loss', ...trainingOptions],
  run: runGan,
};

async function runGan(request: RunRequest, context: TaskContext): Promise<number> {
  const { report, signal } = context;
  const folder = request.out ?? defaultFolder(request, `gan-${request.loss ?? defaultLoss}`);
  const outcome = await withResumeHint(request, folder, () => trainIn(folder, request, context));
  const resume = outcome.state === 'stopped' ? { resume: resumeCommand(request, folder) } : {};
  report({ event: 'done', files: runFilesToOpen(folder, outcome), ...resume });
  return exitCodeOf(outcome.state, signal);
}

async function trainIn(folder: string, request: RunRequest, context: TaskContext): Promise<RunOutcome> {
  const found = await inspectFolder<RunConfig>(folder, request.mode);
  if (found !== undefined) requireSameRun(folder, request, found.config);
  const ended = endedOutcome(found);
  if (ended !== undefined) return nothingLeft(folder, ended, context);
  const { session, config } = await openSession(folder, request, found, context);
  const loss = found?.config.loss ?? request.loss ?? defaultLoss;
  const outcome = await trainRun(folder, { ...config, loss }, found, session);
  await writeRunReport(folder);
  return outcome;
}
