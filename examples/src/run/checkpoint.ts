import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointError, type NamedTensors } from '@lab/core';
import { readCheckpoint, writeCheckpoint } from '@lab/core/node';
import { ganState, ganWeights, restoreGan } from '@lab/gan';
import type { RunConfig } from './config.ts';
import { runFiles } from './files.ts';
import { mendRun } from './read-files.ts';
import type { Training } from './training.ts';

const format = 'lab gan checkpoint 1';

/** Writes all that a resumed run needs: weights, optimiser slots, the step, and the key of the random numbers. */
export async function saveCheckpoint(folder: string, training: Training, step: number): Promise<void> {
  const metadata = { format, step: String(step), key: training.key.words.join(' ') };
  await writeCheckpoint(join(folder, runFiles.checkpoint), await ganState(training), metadata);
}

/**
 * Puts the state of a run's checkpoint back.
 *
 * @returns The step it was saved at; 0 if the run ended before its first checkpoint.
 * @throws CheckpointError naming file and tensor for a damaged or foreign one; nothing has changed then.
 */
export async function loadCheckpoint(folder: string, training: Training, config: RunConfig): Promise<number> {
  const path = join(folder, runFiles.checkpoint);
  // The status is written after the first checkpoint: with one, the checkpoint must be there.
  if (!existsSync(path) && !existsSync(join(folder, runFiles.status))) return 0;
  const { tensors, metadata } = await readCheckpoint(path);
  const step = savedStep(metadata, config, path);
  requireEqual(metadata['key'], training.key.words.join(' '), `the random key of seed ${config.seed}`, path);
  await restoreGan(training, tensors, path);
  requireEqual(String(training.gOptimizer.step), String(step), `step ${step}, as its header says`, path);
  return step;
}

function savedStep(metadata: Readonly<Record<string, string>>, { steps }: RunConfig, source: string): number {
  requireEqual(metadata['format'], format, `a checkpoint of a lab run ('${format}')`, source);
  const step = Number(metadata['step']);
  if (Number.isSafeInteger(step) && step >= 0 && step <= steps) return step;
  const received = `step '${metadata['step']}'`;
  throw new CheckpointError({ source, expected: `a step from 0 to ${steps}`, received, remedy: mendRun });
}

function requireEqual(received: string | undefined, wanted: string, expected: string, source: string): void {
  if (received === wanted) return;
  throw new CheckpointError({
    source,
    expected,
    received: received === undefined ? 'none' : `'${received}'`,
    remedy: mendRun,
  });
}

/** G alone, in half precision: for sampling and scoring, not for going on. */
export async function saveGenerator(
  path: string,
  { gan }: Training,
  config: RunConfig,
  step: number,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const weights = Object.entries(await ganWeights(gan)).filter(([name]) => name.startsWith('generator/'));
  const halved: NamedTensors = Object.fromEntries(
    weights.map(([name, tensor]) => [name, { ...tensor, dtype: 'F16' as const }]),
  );
  const { networks, loss, seed } = config;
  const about = { step: String(step), networks, loss, seed: String(seed), latent: gan.latent, ...more };
  await writeCheckpoint(path, halved, about);
}
