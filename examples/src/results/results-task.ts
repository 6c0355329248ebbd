import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, tf, useBackend } from '@lab/core';
import { type LabelledImages, subset, toFloat } from '@lab/mnist-data';
import { lossNames } from '../loss-names.ts';
import type { RunRequest } from '../run/config.ts';
import { loadTrainingData } from '../run/data.ts';
import { runFiles } from '../run/files.ts';
import { readRun, type RunRecord } from '../run/record.ts';
import { exitCodes } from '../tasks/exit-codes.ts';
import type { Task, TaskContext } from '../tasks/task.ts';
import { type Judge, nearestDigit } from './nearest-digit.ts';
import { writeResult } from './write-result.ts';
import { writeTable } from './write-table.ts';

/** Takes over what is worth keeping of finished runs. */
export const resultsTask: Task = {
  name: 'results',
  operands: 'RUN...',
  summary: 'keep what is worth keeping of ended runs, in examples/results or --out, with a table of all',
  options: ['out'],
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
  const runs = await Promise.all(folders.flatMap(runsIn).map(readRun));
  runs.forEach(requireEnded);
  await useBackend('auto');
  for (const run of runs) {
    const { images } = await loadTrainingData(run.config.data.folder, null);
    const { judge, accuracy } = makeJudge(images);
    const folder = await writeResult(target, run, images, judge);
    report({ event: 'note', message: `${run.folder} -> ${folder}, by a judge that reads ${percent(accuracy)} right` });
  }
  const table = await writeTable(target);
  report({ event: 'done', files: [{ path: table, what: 'a row for each run there' }] });
  return exitCodes.done;
}

/** A judge that knows the first pictures, 20,000 at most, and how many of the last, 2,000 at most, it reads right. */
function makeJudge(images: LabelledImages): { judge: Judge; accuracy: number } {
  const held = Math.min(2000, images.count >> 2);
  const known = Math.min(20_000, images.count - held);
  const judge = nearestDigit(subset(images, range(0, known)));
  const asked = range(images.count - held, images.count);
  const pictures = tf.tensor(toFloat(images, asked, 'unit'), [held, images.rows, images.cols, 1]);
  const read = judge(pictures);
  pictures.dispose();
  const right = asked.filter((index, i) => images.labels[index] === read[i]).length;
  return { judge, accuracy: right / held };
}

function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
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
