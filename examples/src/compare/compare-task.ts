import { join } from 'node:path';
import { RandomKey } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import { shippedSampling, singlePass } from '../diffusion/shipped-sampling.ts';
import { loadJudge } from '../judge/load-judge.ts';
import type { PresetName } from '../presets.ts';
import { writeReport } from '../report/write-report.ts';
import { writeJson } from '../results/write-result.ts';
import { loadMnistFor } from '../run/data.ts';
import type { RunRequest } from '../run/config.ts';
import { runFiles } from '../run/files.ts';
import { openTask } from '../run/open-task.ts';
import { thisMachine } from '../run/status.ts';
import { exitCodeOf, exitCodes } from '../tasks/exit-codes.ts';
import { defaultFolder } from '../tasks/outcome.ts';
import type { Task, TaskContext } from '../tasks/task.ts';
import { compare, type Compared } from './compare.ts';
import { comparisonMarkdown, comparisonSections } from './comparison-table.ts';
import { contenders } from './contenders.ts';

/** Pictures that are drawn by each model. */
const comparedPictures: Readonly<Record<PresetName, number>> = {
  smoke: 150,
  quick: 1000,
  lab: 10_000,
  paper: 10_000,
};

/** The table of task 2.5, of the models that are shipped. */
export const compareTask: Task = {
  name: 'compare',
  summary: 'GAN, cGANs and diffusion as they are shipped, on one judge: quality and cost in one table',
  options: ['preset', 'seed', 'backend', 'threads', 'out', 'overwrite'],
  run: runComparison,
};

async function runComparison(request: RunRequest, { report, signal }: TaskContext): Promise<number> {
  const folder = request.out ?? defaultFolder(request, request.task);
  const { config, backend } = await openTask(folder, request, { steps: 1 });
  const { preset, seed } = config;
  const count = comparedPictures[preset];
  const rows: Compared[] = [];
  const key = RandomKey.fromSeed(seed);
  for await (const row of compare(await contenders(preset === 'smoke' ? singlePass : shippedSampling), {
    judge: await loadJudge(),
    dataset: await loadMnistFor(preset),
    count,
    key,
  })) {
    const { name, quality } = row;
    report({ event: 'note', message: `${name}: Fréchet distance ${quality.frechet.toFixed(2)}` });
    if (signal.aborted) return exitCodeOf('stopped', signal);
    rows.push(row);
  }
  await writeJson(join(folder, runFiles.results), { preset, seed, count, backend, machine: thisMachine(), rows });
  await writeFileAtomic(join(folder, runFiles.table), comparisonMarkdown(rows, count));
  const page = await writeReport(folder, {
    title: 'GANs and diffusion on one judge',
    sections: comparisonSections(rows, count),
    generator: "Made by the lab's command 'compare'.",
  });
  report({ event: 'done', files: [{ path: page, what: 'the table; open it in a browser' }] });
  return exitCodes.done;
}
