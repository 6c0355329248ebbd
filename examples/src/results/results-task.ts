import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, useBackend } from '@lab/core';
import type { LabelledImages } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import { loadJudge } from '../judge/load-judge.ts';
import { lossNames } from '../loss-names.ts';
import type { RunConfig, RunRequest } from '../run/config.ts';
import { loadTrainingData } from '../run/data.ts';
import { makeFolder, runFiles } from '../run/files.ts';
import { readConfig, readRun, type RunRecord } from '../run/record.ts';
import { withoutInterruption } from '../run/stop-signals.ts';
import { exitCodes } from '../tasks/exit-codes.ts';
import type { Task, TaskContext } from '../tasks/task.ts';
import { scorerByClassifier, scorerByNearest } from './scorers.ts';
import type { Scorer } from './snapshot-scores.ts';
import { floorFile, rescoreResult, summaryFile, writeJson, writeResult } from './write-result.ts';
import { writeTable } from './write-table.ts';

/** Takes over what is worth keeping of finished runs. */
export const resultsTask: Task = {
  name: 'results',
  operands: 'RUN...',
  summary:
    'keep and score what is worth keeping of ended runs, in examples/results or --out; kept ones are scored anew',
  options: ['out'],
  leavesAtOnce: true,
  run: keepResults,
};

const committed = fileURLToPath(new URL('../../results', import.meta.url));

async function keepResults({ out }: RunRequest, { report }: TaskContext, folders: readonly string[]): Promise<number> {
  if (folders.length === 0) {
    throw new ConfigError({
      field: 'RUN',
      value: 'nothing',
      expected: "followed by the folders of ended runs: 'results runs/x runs/y'",
    });
  }
  const target = out ?? relative(process.cwd(), committed);
  const [kept, fresh] = [folders.filter(isResult), folders.filter((folder) => !isResult(folder))];
  const runs = await Promise.all(fresh.flatMap(runsIn).map(readRun));
  runs.forEach(requireEnded);
  await useBackend('auto');
  const scorerFor = scorers(target);
  for (const run of runs) {
    const { images } = await loadTrainingData(run.config.data.folder, null);
    const scorer = await scorerFor(run.config, images);
    const folder = await writeResult(target, run, images, scorer);
    report({ event: 'note', message: `${run.folder} -> ${folder}, scored by ${scorer.name}` });
  }
  for (const folder of kept) {
    const config = await readConfig(folder);
    const { images } = await loadTrainingData(config.data.folder, null);
    const scorer = await scorerFor(config, images);
    await rescoreResult(folder, config, images, scorer);
    report({ event: 'note', message: `${folder} scored anew by ${scorer.name}` });
  }
  const table = await withoutInterruption(() => writeTable(target));
  report({ event: 'done', files: [{ path: table, what: 'a row for each run there' }] });
  return exitCodes.done;
}

/** By the classifier for MNIST, opened once, whose floor is kept beside the results; by the nearest picture for others. */
function scorers(target: string): (config: RunConfig, images: LabelledImages) => Promise<Scorer> {
  let byClassifier: Promise<Scorer> | undefined;
  const open = async () => {
    const { scorer, floor } = await scorerByClassifier(await loadJudge(), await loadMnist());
    const measured = await floor();
    await withoutInterruption(async () => {
      await makeFolder(target);
      await writeJson(join(target, floorFile), measured);
    });
    return scorer;
  };
  return async ({ data }, images) => {
    if (data.folder !== null) return scorerByNearest(images);
    byClassifier ??= open();
    return byClassifier;
  };
}

/** Whether a folder holds what this task has kept of a run. */
function isResult(folder: string): boolean {
  return existsSync(join(folder, summaryFile)) && !existsSync(join(folder, runFiles.status));
}

/** The folder of a run, or those in the folder of a comparison. */
function runsIn(folder: string): string[] {
  const inside = lossNames.map((loss) => join(folder, loss)).filter((each) => existsSync(join(each, runFiles.config)));
  return inside.length > 0 ? inside : [folder];
}

function requireEnded({ folder, status: { state, step } }: RunRecord): void {
  if (state === 'finished' || state === 'diverged') return;
  throw new ConfigError({
    field: 'RUN',
    value: folder,
    expected: `a run that has ended (this one is at step ${step})`,
  });
}
