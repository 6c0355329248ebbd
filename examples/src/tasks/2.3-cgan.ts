import { classSections } from '../conditional/class-sections.ts';
import { writeRunReport } from '../report/run-report.ts';
import { defaultLoss, type RunConfig, type RunRequest } from '../run/config.ts';
import { inspectFolder, requireSameRun } from '../run/folder.ts';
import { openSession } from '../run/session.ts';
import { endedOutcome, type RunOutcome, trainRun } from '../run/train-run.ts';
import { exitCodeOf } from './exit-codes.ts';
import { defaultFolder, nothingLeft, resumeCommand, runFilesToOpen } from './outcome.ts';
import { withResumeHint } from './resume-hint.ts';
import { type Task, type TaskContext, trainingOptions } from './task.ts';

/** Lab task 2.3: the conditional GAN. */
export const task23: Task = {
  name: '2.3',
  summary: 'the conditional GAN: a chosen digit, every digit in every style, and how often it paints what is asked',
  options: [...trainingOptions, 'networks', 'digit'],
  run: runConditional,
};

async function runConditional(request: RunRequest, context: TaskContext): Promise<number> {
  const { report, signal } = context;
  const folder = request.out ?? defaultFolder(request, request.task);
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
  const outcome = await trainRun(folder, { ...config, loss: defaultLoss }, found, session);
  await writeRunReport(folder, await classSections(folder, request.digit));
  return outcome;
}
