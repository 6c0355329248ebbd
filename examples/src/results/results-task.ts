import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@lab/core';
import { lossNames } from '../loss-names.ts';
import type { RunRequest } from '../run/config.ts';
import { runFiles } from '../run/files.ts';
import { readRun, type RunRecord } from '../run/record.ts';
import { exitCodes } from '../tasks/exit-codes.ts';
import type { Task, TaskContext } from '../tasks/task.ts';
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
  for (const run of runs) {
    const folder = await writeResult(target, run);
    report({ event: 'note', message: `${run.folder} -> ${folder}` });
  }
  const table = await writeTable(target);
  report({ event: 'done', files: [{ path: table, what: 'a row for each run there' }] });
  return exitCodes.done;
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
