import { join } from 'node:path';
import { writeFileAtomic } from '@lab/core/node';
import { formatCount } from '../progress/format.ts';
import { summaryFile, type ResultSummary } from '../results/write-result.ts';
import type { SnapshotScores } from '../results/snapshot-scores.ts';
import { readJson } from '../run/read-files.ts';
import { type Cure, cureNames, cures } from './cures.ts';

/** What is kept of a cure's run. */
export interface CureResult {
  readonly scores: readonly SnapshotScores[];
}

const seeds = [0, 1];

/** Writes `table.md` into a folder of cures' results: each cure and seed at each mark, run or not. @returns Its path. */
export async function writeCureTable(target: string): Promise<string> {
  const recorded = (run: string) => (seed: number) =>
    readJson<ResultSummary>(join(target, `../${run}-lab-seed${seed}`, summaryFile));
  const untreated = await rowsOf('none', 'nothing: the run of task 2.2', recorded('logistic'));
  const conditional = await rowsOf('conditioning', 'the label joined to latent and pixels: task 2.3', recorded('cgan'));
  const treated = await Promise.all(
    cureNames.map((name) =>
      rowsOf(name, (cures[name] as Cure).change, (seed) =>
        readJson<CureResult>(join(target, `${name}-seed${seed}.json`)),
      ),
    ),
  );
  const rows = [headings, headings.map(() => '---'), ...untreated, ...conditional, ...treated.flat()];
  const path = join(target, 'table.md');
  await writeFileAtomic(path, `# Cures\n\n${rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}\n${note}\n`);
  return path;
}

const headings = [
  'cure',
  'what is changed',
  'seed',
  'step',
  'entropy',
  'FD',
  'precision',
  'recall',
  'coverage',
  'classes below 2%',
];

const note =
  'Logistic loss on MNIST, batch 128, judged as the runs of task 2.2 are: 10,000 samples by the classifier of `@lab/adversarial`, the ' +
  'entropy of the classes over that of equal shares. Where it says not run, there is no figure yet: each row is one run of ' +
  '`examples/src/cures/run-cure.ts NAME SEED`, which writes this table.';

async function rowsOf(
  name: string,
  change: string,
  read: (seed: number) => Promise<CureResult | undefined>,
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const seed of seeds) {
    const result = await read(seed);
    const told = result?.scores.filter(({ step }) => step >= 20_000 || step === result.scores.at(-1)!.step) ?? [];
    rows.push(...told.map((scores) => [name, change, String(seed), ...describe(scores)]));
    if (result === undefined) rows.push([name, change, String(seed), 'not run', ...headings.slice(4).map(() => '')]);
  }
  return rows;
}

function describe({ step, entropy, distances, counts }: SnapshotScores): string[] {
  const { frechet, precision, recall, coverage } = distances!;
  const total = counts.reduce((sum, n) => sum + n, 0);
  const rare = counts.flatMap((n, label) => (n < 0.02 * total ? [String(label)] : []));
  return [
    formatCount(step),
    entropy.toFixed(3),
    frechet.value.toFixed(1),
    ...[precision, recall, coverage].map(({ value }) => value.toFixed(3)),
    rare.length === 0 ? 'none' : rare.join(', '),
  ];
}
