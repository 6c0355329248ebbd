import { writeRunReport } from '../report/run-report.ts';
import { defaultLoss, type RunConfig, type RunRequest } from '../run/config.ts';
import { inspectFolder } from '../run/folder.ts';
import { openSession } from '../run/session.ts';
import { trainRun } from '../run/train-run.ts';
import { exitCodeOf } from './exit-codes.ts';
import { alreadyEnded, defaultFolder, resumeCommand, runFilesToOpen } from './outcome.ts';
import type { Task, TaskContext } from './task.ts';

/** The main job: one GAN, with any loss. */
export const ganTask: Task = {
  name: 'gan',
  summary: 'train the vanilla GAN once (the default)',
  takesLoss: true,
  run: runGan,
};

async function runGan(request: RunRequest, context: TaskContext): Promise<number> {
  const folder = request.out ?? defaultFolder(request);
  const found = await inspectFolder<RunConfig>(folder, request.mode);
  const ended = alreadyEnded(folder, request, found);
  if (ended !== undefined) return ended(context);
  const { session, config } = await openSession<RunConfig>(folder, request, found, context);
  const outcome = await trainRun(
    folder,
    { ...config, loss: found?.config.loss ?? request.loss ?? defaultLoss },
    found,
    session,
  );
  await writeRunReport(folder);
  const resume = outcome.state === 'stopped' ? { resume: resumeCommand(request, folder) } : {};
  context.report({ event: 'done', files: runFilesToOpen(folder, outcome), ...resume });
  return exitCodeOf(outcome, context.signal);
}
