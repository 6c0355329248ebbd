import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { type BackendChoice, tf } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import { collectGarbage } from './collect-garbage.ts';
import { runFiles } from './files.ts';
import { readJson } from './read-files.ts';

/** Where a run stands: what may differ between two runs of the same bits. Written after each checkpoint. */
export interface RunStatus {
  /** `running` with no process at work is what a kill leaves. */
  readonly state: RunState;
  /** That of the checkpoint. */
  readonly step: number;
  /** Spent training since step 0, over all sessions. */
  readonly seconds: number;
  readonly divergence?: Divergence;
  readonly backend: BackendChoice;
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number };
  /** At each snapshot: tells whether anything leaks. */
  readonly memory: readonly MemoryReading[];
}

export type RunState = 'running' | 'stopped' | 'diverged' | 'finished';

/** Why a run could not go on. */
export interface Divergence {
  readonly step: number;
  readonly message: string;
}

export interface MemoryReading {
  readonly step: number;
  readonly residentMiB: number;
  readonly tensors: number;
}

export async function writeStatus(folder: string, status: RunStatus): Promise<void> {
  await writeFileAtomic(join(folder, runFiles.status), `${JSON.stringify(status, null, 2)}\n`);
}

/** Undefined for a run that was never begun. */
export async function readStatus(folder: string): Promise<RunStatus | undefined> {
  return readJson<RunStatus>(join(folder, runFiles.status));
}

export function thisMachine(): RunStatus['machine'] {
  return { node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism() };
}

/** What is in use: garbage, which comes and goes, is collected first. */
export function readMemory(step: number): MemoryReading {
  collectGarbage();
  return { step, residentMiB: Math.round(process.memoryUsage.rss() / 2 ** 20), tensors: tf.memory().numTensors };
}
