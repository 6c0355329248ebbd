import { join } from 'node:path';
import { StorageError } from '@lab/core/node';
import type { RunScores } from '../report/score-run.ts';
import type { RunConfig } from './config.ts';
import { runFiles, samplesFile } from './files.ts';
import { type MetricsRow, readMetrics } from './metrics-log.ts';
import { readIfThere, readJson } from './read-files.ts';
import { readStatus, type RunStatus } from './status.ts';

/** A run as its folder tells it: what reports and results are made from. */
export interface RunRecord {
  readonly folder: string;
  readonly config: RunConfig;
  readonly status: RunStatus;
  readonly rows: readonly MetricsRow[];
  readonly snapshots: readonly Snapshot[];
  /** GIF; undefined if nothing was drawn. */
  readonly animation: Uint8Array | undefined;
  /** Of the generators at the snapshots; undefined if they were not scored. */
  readonly scores: RunScores | undefined;
}

export interface Snapshot {
  readonly step: number;
  /** The grid of 64 samples. */
  readonly png: Uint8Array;
}

/** @throws StorageError if the folder holds no run that has begun. */
export async function readRun(folder: string): Promise<RunRecord> {
  const config = await readConfig(folder);
  const status = await readStatus(folder);
  if (status === undefined) throw missing(join(folder, runFiles.status));
  const rows = await readMetrics(join(folder, runFiles.metrics));
  const animation = await readIfThere(join(folder, runFiles.animation));
  const scores = await readJson<RunScores>(join(folder, runFiles.scores));
  return { folder, config, status, rows, snapshots: await readSnapshots(folder, config, status), animation, scores };
}

/** @throws StorageError if the folder has no configuration. */
export async function readConfig(folder: string): Promise<RunConfig> {
  return required<RunConfig>(join(folder, runFiles.config));
}

async function readSnapshots(folder: string, { snapshots }: RunConfig, { step }: RunStatus): Promise<Snapshot[]> {
  const made = snapshots.filter((each) => each <= step);
  const grids = await Promise.all(
    made.map(async (each) => [each, await readIfThere(join(folder, samplesFile(each)))] as const),
  );
  return grids.flatMap(([each, png]) => (png === undefined ? [] : [{ step: each, png }]));
}

async function required<T>(path: string): Promise<T> {
  const value = await readJson<T>(path);
  if (value === undefined) throw missing(path);
  return value;
}

function missing(path: string): StorageError {
  return new StorageError({ action: 'read', path, cause: { code: 'ENOENT' } });
}

/** The mean of a metric over the readings of the tenth of a run that ends at `step`: one reading alone is noisy. */
export function meanBefore(rows: readonly MetricsRow[], step: number, metric: keyof MetricsRow): number | null {
  const recent = rows.filter((row) => row.step <= step && row.step > 0.9 * step);
  if (recent.length === 0) return null;
  return recent.reduce((sum, row) => sum + row[metric], 0) / recent.length;
}
