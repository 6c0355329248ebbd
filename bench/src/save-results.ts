import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Row } from './compare-engines.ts';
import type { Engine } from './workloads.ts';

/** Writes the rows with what they were measured on; returns the file's path from the repository's root. */
export async function saveResults(workload: string, rows: readonly Row[], engines: readonly Engine[]): Promise<string> {
  const path = `bench/results/${workload}.json`;
  const results = {
    workload,
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD'),
    // Other results may be new, too.
    modified: git('status', '--porcelain', '--', ':(top,exclude)bench/results') !== '',
    machine: {
      processor: cpus()[0]?.model.trim(),
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    engines: engines.map(({ name }) => rows.find((row) => row.engine === name)),
  };
  const file = fileURLToPath(new URL(`../results/${workload}.json`, import.meta.url));
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  return path;
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
