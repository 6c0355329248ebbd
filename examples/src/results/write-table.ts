import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@lab/core/node';
import { formatCount } from '../progress/format.ts';
import { mostFrequent } from '../report/scores-table.ts';
import type { RunConfig } from '../run/config.ts';
import { runFiles } from '../run/files.ts';
import { type MetricsRow, readMetrics } from '../run/metrics-log.ts';
import { readJson } from '../run/read-files.ts';
import { meanBefore } from '../run/record.ts';
import type { KeptScores } from './snapshot-scores.ts';
import { floorFile, type ResultSummary, summaryFile } from './write-result.ts';

/** Writes `table.md`, with a row for each snapshot of each result in a folder. @returns Its path. */
export async function writeTable(target: string): Promise<string> {
  const names = (await readdir(target, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const results = await Promise.all(names.map(({ name }) => readResult(target, name)));
  const rows = results.filter((each) => each !== undefined).flatMap(tableRows);
  const floor = await readJson<KeptScores>(join(target, floorFile));
  if (floor !== undefined) rows.push(['real training pictures', '', ...blank(metrics), ...describe(floor)]);
  const path = join(target, 'table.md');
  await writeFileAtomic(path, [headings, headings.map(() => '---'), ...rows].map(line).join('') + `\n${note}\n`);
  return path;
}

const metrics = ['dLoss', 'gLoss', 'dReal', 'dFake', 'gGradNorm'] as const satisfies (keyof MetricsRow)[];

const distances = ['frechet', 'kernel', 'precision', 'recall', 'coverage'] as const;

const headings = [
  ...['run', 'step', 'D loss', 'G loss', 'D(x)', 'D(G(z))', "G's gradient"],
  ...['FD', 'KID', 'precision', 'recall', 'coverage', 'sure', 'anatomy gap', 'as asked', 'entropy', 'classes'],
];

const note =
  'Losses and probabilities are means over the readings of the last tenth of the steps up to there. The other columns are of ' +
  "10,000 samples against MNIST's test set, by the features of the classifier of `@lab/adversarial`: Fréchet and kernel distance, " +
  'precision, recall and coverage by the 5 nearest; the share that it is sure of (above .9); how much less often than real digits ' +
  'of the same classes the samples have one stroke and legal holes; the share read as the class that was asked for, where one was; the entropy of the classes over that of equal shares; and the ' +
  'three most frequent. The last row has 10,000 training pictures in place of samples. Intervals, density, seconds and ' +
  'memory are in each summary.json.';

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
  const { divergence, scores } = summary;
  const made = config.snapshots.filter((step) => step <= summary.step);
  const told = made.map((step) => [
    name,
    formatCount(step),
    ...metrics.map((metric) => meanBefore(rows, step, metric)?.toPrecision(3) ?? ''),
    ...describe(scores.find((each) => each.step === step)),
  ]);
  if (divergence === undefined) return told;
  const until = `diverged at ${formatCount(divergence.step)}`;
  return [...told, [name, until, ...blank(metrics), ...describe(undefined)]];
}

function describe(scores: KeptScores | undefined): string[] {
  const { distances: found, confidence, anatomy, conditional } = scores ?? {};
  return [
    ...distances.map((name) => number(found?.[name].value)),
    number(confidence?.sure),
    number(anatomy?.gap?.both),
    number(conditional?.accuracy.value),
    number(scores?.entropy),
    scores === undefined ? '' : mostFrequent(scores.counts),
  ];
}

function number(value: number | undefined): string {
  return value?.toPrecision(3) ?? '';
}

function blank(columns: readonly unknown[]): string[] {
  return columns.map(() => '');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}
