import { join } from 'node:path';
import { loadJudge } from '../judge/load-judge.ts';
import type { LossName } from '../loss-names.ts';
import { formatSeconds } from '../progress/format.ts';
import { writeRunReport } from '../report/run-report.ts';
import { runScorer, scoreRun } from '../report/score-run.ts';
import { compareLosses, type ComparisonOutcome } from '../run/compare-losses.ts';
import { loadMnistFor } from '../run/data.ts';
import type { ComparisonConfig, RunRequest } from '../run/config.ts';
import { runFiles } from '../run/files.ts';
import { inspectFolder, requireSameRun } from '../run/folder.ts';
import { readRun, type RunRecord } from '../run/record.ts';
import { openSession, type Session } from '../run/session.ts';
import { exitCodeOf } from './exit-codes.ts';
import { defaultFolder, resumeCommand } from './outcome.ts';
import { withResumeHint } from './resume-hint.ts';
import type { TaskContext } from './task.ts';

/** A task that trains once with each of several losses, all else equal. */
export interface Comparison {
  readonly losses: readonly LossName[];
  /** Losses whose divergence is what the task sets out to show. */
  readonly mayDiverge: readonly LossName[];
  /** Writes the joint report, of as many runs as there are. */
  readonly writeReport: (folder: string, runs: readonly RunRecord[]) => Promise<void>;
}

/** @returns The exit code. */
export async function runComparison(
  comparison: Comparison,
  request: RunRequest,
  context: TaskContext,
): Promise<number> {
  const folder = request.out ?? defaultFolder(request, request.task);
  const outcomes = await withResumeHint(request, folder, () => compareIn(folder, comparison, request, context));
  const { report, signal } = context;
  const isStopped = signal.aborted && [...outcomes.values()].at(-1)?.state === 'stopped';
  report({
    event: 'done',
    files: filesToOpen(folder, outcomes),
    ...(isStopped && { resume: resumeCommand(request, folder) }),
  });
  if (isStopped) return exitCodeOf('stopped', signal);
  const diverged = [...outcomes].filter(([, { state }]) => state === 'diverged').map(([loss]) => loss);
  const isExpected = diverged.every((loss) => comparison.mayDiverge.includes(loss));
  return exitCodeOf(isExpected ? 'finished' : 'diverged', signal);
}

async function compareIn(
  folder: string,
  { losses, writeReport }: Comparison,
  request: RunRequest,
  context: TaskContext,
): Promise<ComparisonOutcome> {
  const found = await inspectFolder<ComparisonConfig>(folder, request.mode);
  if (found !== undefined) requireSameRun(folder, request, found.config);
  const { session, config } = await openSession(folder, request, found, context);
  const outcomes = await compareLosses(folder, { ...config, losses }, found, session, writeRunReport);
  const readRuns = () => Promise.all([...outcomes.keys()].map((loss) => readRun(join(folder, loss))));
  await scoreRuns(await readRuns(), session);
  await writeReport(folder, await readRuns());
  return outcomes;
}

/** By the judge, which knows nothing but MNIST. */
async function scoreRuns(runs: readonly RunRecord[], { images, report, signal }: Session): Promise<void> {
  const { config } = runs[0] ?? {};
  if (config === undefined || config.data.folder !== null || signal.aborted) return;
  const started = performance.now();
  const scorer = await runScorer(await loadJudge(), await loadMnistFor(config.preset), config.preset);
  report({ event: 'note', message: `\nscoring ${scorer.count} samples of each generator` });
  for (const { folder, config: own, snapshots } of runs) {
    const steps = snapshots.map(({ step }) => step);
    await scoreRun(folder, own, steps, images, scorer, signal);
  }
  report({ event: 'note', message: `scored in ${formatSeconds((performance.now() - started) / 1000)}` });
}

function filesToOpen(folder: string, outcomes: ComparisonOutcome) {
  const single = [...outcomes.keys()].map((loss) => ({
    path: join(folder, loss, runFiles.report),
    what: `the run with loss ${loss}`,
  }));
  return [{ path: join(folder, runFiles.report), what: 'all runs side by side; open it in a browser' }, ...single];
}
