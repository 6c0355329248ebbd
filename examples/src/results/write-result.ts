import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StorageError, writeFileAtomic } from '@lab/core/node';
import type { LabelledImages } from '@lab/mnist-data';
import type { Networks } from '../presets.ts';
import type { RunConfig } from '../run/config.ts';
import { generatorFile, isRunFile, makeFolder, removeFiles, runFiles, samplesFile } from '../run/files.ts';
import { formatRow, type MetricsRow } from '../run/metrics-log.ts';
import { readJson } from '../run/read-files.ts';
import type { RunRecord } from '../run/record.ts';
import type { RunStatus } from '../run/status.ts';
import { withoutInterruption } from '../run/stop-signals.ts';
import { createTraining, disposeTraining } from '../run/training.ts';
import { type Scorer, scoreSnapshot, type SnapshotScores } from './snapshot-scores.ts';

/** More rows than a chart can show are not worth keeping. */
const keptRows = 2000;

/** `summary.json`: what a run cost and how it ended. */
export interface ResultSummary extends Pick<
  RunStatus,
  'state' | 'step' | 'seconds' | 'memory' | 'machine' | 'divergence'
> {
  readonly millisecondsPerStep: number | null;
  readonly backend: Pick<RunStatus['backend'], 'name' | 'details'>;
  /** What G paints at each snapshot, and how good it is. */
  readonly scores: readonly SnapshotScores[];
}

export const summaryFile = 'summary.json';

/** Beside the results: the scores of real training pictures. */
export const floorFile = 'floor.json';

/**
 * Writes a run's configuration, summary, curves, grids, thinned metrics and generators into a folder of its own.
 *
 * @param images The run's training pictures.
 * @returns That folder.
 */
export async function writeResult(
  target: string,
  run: RunRecord,
  images: LabelledImages,
  scorer: Scorer,
): Promise<string> {
  const folder = join(target, resultName(run.config));
  const steps = run.snapshots.map(({ step }) => step);
  const scores = await scoresOf(run.folder, run.config, steps, images, scorer);
  await withoutInterruption(async () => {
    await makeFolder(folder);
    await removeFiles(folder, (name) => isRunFile(name) || name === summaryFile);
    await writeJson(join(folder, runFiles.config), withoutPaths(run.config));
    await writeJson(join(folder, summaryFile), { ...summarise(run.status), scores });
    await writeFileAtomic(join(folder, runFiles.metrics), thin(run.rows).map(formatRow).join(''));
    for (const name of copied(run)) await copy(join(run.folder, name), join(folder, name));
  });
  return folder;
}

/** Scores the generators of a result anew, and puts that into its summary. */
export async function rescoreResult(
  folder: string,
  config: RunConfig,
  images: LabelledImages,
  scorer: Scorer,
): Promise<void> {
  const summary = (await readJson<ResultSummary>(join(folder, summaryFile)))!;
  const steps = config.snapshots.filter((step) => existsSync(join(folder, generatorFile(step))));
  const scores = await scoresOf(folder, config, steps, images, scorer);
  await withoutInterruption(() => writeJson(join(folder, summaryFile), { ...summary, scores }));
}

/** The runs of task 2.3, which have one loss. */
const conditionalNames: Readonly<Partial<Record<Networks, string>>> = {
  'reference-cgan': 'cgan',
  'convolutional-cgan': 'cgan-convolutional',
  mirza: 'mirza',
};

/** What tells runs apart: logistic-lab-seed0; or cgan-lab-seed0. */
function resultName({ data, networks, loss, preset, seed }: RunConfig): string {
  const what = conditionalNames[networks] ?? loss;
  return `${data.folder === null ? '' : `${data.name}-`}${what}-${preset}-seed${seed}`;
}

function copied({ snapshots, rows }: RunRecord): string[] {
  const pictures = snapshots.flatMap(({ step }) => [samplesFile(step), generatorFile(step)]);
  return rows.length > 0 ? [runFiles.curves, ...pictures] : pictures;
}

/** Where someone's data lie is nobody else's business. */
function withoutPaths(config: RunConfig): RunConfig {
  const { folder } = config.data;
  return { ...config, data: { ...config.data, folder: folder === null ? null : basename(folder) } };
}

function summarise({
  state,
  step,
  seconds,
  divergence,
  memory,
  machine,
  backend,
}: RunStatus): Omit<ResultSummary, 'scores'> {
  const millisecondsPerStep = step === 0 ? null : Number(((1000 * seconds) / step).toFixed(3));
  const { name, details } = backend;
  return {
    state,
    step,
    seconds,
    millisecondsPerStep,
    ...(divergence && { divergence }),
    memory,
    machine,
    backend: { name, details },
  };
}

async function scoresOf(
  folder: string,
  config: RunConfig,
  steps: readonly number[],
  images: LabelledImages,
  scorer: Scorer,
): Promise<SnapshotScores[]> {
  const training = createTraining(config, images);
  const scores: SnapshotScores[] = [];
  for (const step of steps) {
    scores.push(await scoreSnapshot(folder, generatorFile(step), training.gan, scorer));
  }
  disposeTraining(training);
  return scores;
}

/** Every k-th row, and the last. */
function thin(rows: readonly MetricsRow[]): MetricsRow[] {
  const every = Math.ceil(rows.length / keptRows);
  return rows.filter((_, i) => (rows.length - 1 - i) % every === 0);
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

async function copy(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((cause: unknown) => {
    throw new StorageError({ action: 'write', path: to, cause });
  });
}
