import { open } from 'node:fs/promises';
import { CheckpointError } from '@lab/core';
import { StorageError, writeFileAtomic } from '@lab/core/node';
import type { TrainProgress } from '@lab/gan';
import { mendRun, readIfThere } from './read-files.ts';

/** One line of `metrics.jsonl`. */
export type MetricsRow = TrainProgress;

/** Appends rows to a run's metrics as they come. */
export interface MetricsLog {
  append(row: MetricsRow): Promise<void>;
  /** Waits until all rows are on the disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the log of a run that stands at `step`. Rows of later steps, which a killed run may have written after its last
 * checkpoint, are dropped: the resumed run writes them again.
 */
export async function openMetricsLog(path: string, step: number): Promise<MetricsLog> {
  const rows = await readMetrics(path);
  const lines = rows.filter((row) => row.step <= step).map(formatRow);
  await writeFileAtomic(path, lines.join(''));
  const file = await attempt(path, open(path, 'a'));
  return {
    append: (row) => attempt(path, file.appendFile(formatRow(row))),
    flush: () => attempt(path, file.datasync()),
    close: () => file.close(),
  };
}

/**
 * All whole rows of a log; none if there is no such file. A kill can leave half a line at its end.
 *
 * @throws CheckpointError naming the first line that is no row.
 */
export async function readMetrics(path: string): Promise<MetricsRow[]> {
  const text = (await readIfThere(path))?.toString() ?? '';
  const lines = text.split('\n').slice(0, -1);
  return lines.map((each, i) => parseRow(each, `${path}, line ${i + 1}`));
}

function parseRow(text: string, source: string): MetricsRow {
  try {
    const row = JSON.parse(text) as MetricsRow;
    if (Number.isSafeInteger(row.step)) return row;
  } catch {
    // What it is instead is said below.
  }
  const received = `'${text.length > 60 ? `${text.slice(0, 57)}...` : text}'`;
  throw new CheckpointError({ source, expected: 'the metrics of a step, as JSON', received, remedy: mendRun });
}

/** A row as a line of the log. Float32 has no more than seven to nine digits to tell. */
export function formatRow(row: MetricsRow): string {
  const rounded = Object.entries(row).map(([name, value]) => [name, Number(value.toPrecision(8))] as const);
  return `${JSON.stringify(Object.fromEntries(rounded))}\n`;
}

async function attempt<T>(path: string, writing: Promise<T>): Promise<T> {
  return writing.catch((cause: unknown) => {
    throw new StorageError({ action: 'write', path, cause });
  });
}
