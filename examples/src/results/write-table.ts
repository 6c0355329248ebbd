import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@lab/core/node';
import { formatCount } from '../progress/format.ts';
import type { RunConfig } from '../run/config.ts';
import { runFiles } from '../run/files.ts';
import { type MetricsRow, readMetrics } from '../run/metrics-log.ts';
import { readJson } from '../run/read-files.ts';
import { meanBefore } from '../run/record.ts';
import { type ResultSummary, summaryFile } from './write-result.ts';

/** Writes `table.md`, with a row for each snapshot of each result in a folder. @returns Its path. */
export async function writeTable(target: string): Promise<string> {
  const names = (await readdir(target, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const results = await Promise.all(names.map(({ name }) => readResult(target, name)));
  const rows = results.filter((each) => each !== undefined).flatMap(tableRows);
  const path = join(target, 'table.md');
  await writeFileAtomic(path, [headings, headings.map(() => '---'), ...rows].map(line).join('') + `\n${note}\n`);
  return path;
}

const headings = ['run', 'step', 'D loss', 'G loss', 'D(x)', 'D(G(z))', "G's gradient", 'seconds in all', 'ms a step'];

const metrics = ['dLoss', 'gLoss', 'dReal', 'dFake', 'gGradNorm'] as const satisfies (keyof MetricsRow)[];

const note = 'Means over the readings of the last tenth of the steps up to there.';

interface Result {
  readonly name: string;
  readonly config: RunConfig;
  readonly summary: ResultSummary;
  readonly rows: readonly MetricsRow[];
}

async function readResult(target: string, name: string): Promise<Result | undefined> {
  const config = await readJson<RunConfig>(join(target, name, runFiles.config));
  const summary = await readJson<ResultSummary>(join(target, name, summaryFile));
  if (config === undefined || summary === undefined) return undefined;
  return { name, config, summary, rows: await readMetrics(join(target, name, runFiles.metrics)) };
}

function tableRows({ name, config, summary, rows }: Result): string[][] {
  const { seconds, millisecondsPerStep, divergence } = summary;
  const cost = [formatCount(seconds), millisecondsPerStep?.toFixed(2) ?? ''];
  const made = config.snapshots.filter((step) => step <= summary.step);
  const told = made.map((step) => [
    name,
    formatCount(step),
    ...metrics.map((metric) => number(rows, step, metric)),
    ...cost,
  ]);
  if (divergence === undefined) return told;
  return [...told, [name, `diverged at ${formatCount(divergence.step)}`, ...metrics.map(() => ''), ...cost]];
}

function number(rows: readonly MetricsRow[], step: number, metric: keyof MetricsRow): string {
  return meanBefore(rows, step, metric)?.toPrecision(3) ?? '';
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}
