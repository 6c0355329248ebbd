import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@lab/core/node';
import { formatCount } from '../progress/format.ts';
import type { RunConfig } from '../run/config.ts';
import { runFiles } from '../run/files.ts';
import { type MetricsRow, readMetrics } from '../run/metrics-log.ts';
import { readJson } from '../run/read-files.ts';
import { meanBefore } from '../run/record.ts';
import type { ClassHistogram } from './class-histogram.ts';
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

const headings = ['run', 'step', 'D loss', 'G loss', 'D(x)', 'D(G(z))', "G's gradient", 'entropy', 'classes'];

const metrics = ['dLoss', 'gLoss', 'dReal', 'dFake', 'gGradNorm'] as const satisfies (keyof MetricsRow)[];

const note =
  'Losses and probabilities are means over the readings of the last tenth of the steps up to there. Entropy is that of the ' +
  'classes of 2,000 samples over that of equal shares; the class of a sample is that of the nearest, by pixels, of 20,000 ' +
  'training pictures. Seconds and memory of each run are in its summary.json.';

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
  const { divergence, classes } = summary;
  const made = config.snapshots.filter((step) => step <= summary.step);
  const told = made.map((step) => [
    name,
    formatCount(step),
    ...metrics.map((metric) => number(rows, step, metric)),
    ...describeClasses(classes.find((each) => each.step === step)),
  ]);
  if (divergence === undefined) return told;
  return [...told, [name, `diverged at ${formatCount(divergence.step)}`, ...metrics.map(() => ''), '', '']];
}

/** The entropy, and the three classes painted most. */
function describeClasses(histogram: ClassHistogram | undefined): [string, string] {
  if (histogram === undefined) return ['', ''];
  const { counts, entropy } = histogram;
  const total = counts.reduce((sum, n) => sum + n, 0);
  const ranked = counts.map((n, label) => ({ label, share: n / total })).sort((a, b) => b.share - a.share);
  const most = ranked.slice(0, 3).map(({ label, share }) => `${label} ${(100 * share).toFixed(0)}%`);
  return [entropy.toFixed(3), most.join(', ')];
}

function number(rows: readonly MetricsRow[], step: number, metric: keyof MetricsRow): string {
  return meanBefore(rows, step, metric)?.toPrecision(3) ?? '';
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}
