import { basename, join } from 'node:path';
import { ConfigError, useBackend } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import type { Rows } from '@lab/metrics';
import { loadMnist } from '@lab/mnist-data/node';
import { loadJudge } from '../judge/load-judge.ts';
import { formatCount } from '../progress/format.ts';
import type { Reporter } from '../progress/reporter.ts';
import type { RunRequest } from '../run/config.ts';
import { makeFolder } from '../run/files.ts';
import { withoutInterruption } from '../run/stop-signals.ts';
import { exitCodes } from '../tasks/exit-codes.ts';
import type { Task, TaskContext } from '../tasks/task.ts';
import { evenly } from './evenly.ts';
import { readLabels, readPictures } from './read-pictures.ts';
import { mostPictures, scorePictures } from './score-pictures.ts';

/** Scores any pictures. */
export const scoreTask: Task = {
  name: 'score',
  operands: 'DIR|FILE',
  summary: "score a folder of PNGs or an IDX file against MNIST's test set; --out keeps the numbers",
  options: ['labels', 'backend', 'threads', 'out'],
  leavesAtOnce: true,
  run: score,
};

async function score(request: RunRequest, { report }: TaskContext, operands: readonly string[]): Promise<number> {
  const [path] = operands;
  if (path === undefined || operands.length > 1) {
    const expected = "one folder of PNG files or one IDX file: 'score samples'";
    throw new ConfigError({
      field: 'What to score',
      value: operands.length === 0 ? 'nothing' : [...operands],
      expected,
    });
  }
  const found = await readPictures(path);
  const asked = request.labels === undefined ? undefined : await readLabels(request.labels, found.shape[0]!);
  const { pictures, indices } = atMost(mostPictures, found);
  warn(found, pictures, report);
  report({ event: 'note', message: "Scoring against MNIST's test set. This takes a minute or two." });
  const { backend, threads } = request;
  await useBackend(backend ?? 'auto', threads === undefined ? {} : { threads });
  const scores = await scorePictures(
    await loadJudge(),
    pictures,
    await loadMnist(),
    asked && indices.map((i) => asked[i]!),
  );
  report({ event: 'scores', path, ...scores });
  if (request.out !== undefined) await keep(request.out, path, scores, report);
  return exitCodes.done;
}

function atMost(limit: number, { data, shape }: Rows): { pictures: Rows; indices: number[] } {
  const count = shape[0]!;
  const kept = Math.min(limit, count);
  const size = data.length / count;
  const indices = evenly(kept, count);
  const pixels = new Float32Array(kept * size);
  indices.forEach((index, i) => pixels.set(data.subarray(index * size, (index + 1) * size), i * size));
  return { pictures: { data: pixels, shape: [kept, ...shape.slice(1)] }, indices };
}

function warn(found: Rows, pictures: Rows, report: Reporter): void {
  const [there, taken] = [found.shape[0]!, pictures.shape[0]!];
  if (taken < there) {
    const message = `Scores ${formatCount(taken)} of the ${formatCount(there)} pictures, evenly taken.`;
    report({ event: 'note', message });
  }
  const ink = pictures.data.reduce((sum, value) => sum + value, 0) / pictures.data.length;
  if (ink > 0.5) {
    const message = `The pictures are bright (mean ${ink.toFixed(2)}); MNIST's digits are white on black. Are they inverted?`;
    report({ event: 'note', message });
  }
}

async function keep(out: string, path: string, scores: object, report: Reporter): Promise<void> {
  const file = join(out, 'scores.json');
  await withoutInterruption(async () => {
    await makeFolder(out);
    await writeFileAtomic(file, `${JSON.stringify({ pictures: basename(path), ...scores }, null, 2)}\n`);
  });
  report({ event: 'done', files: [{ path: file, what: 'every score, with intervals and per class' }] });
}
