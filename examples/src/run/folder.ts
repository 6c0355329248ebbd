import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError } from '@lab/core';
import { StorageError, writeFileAtomic } from '@lab/core/node';
import type { RunMode, RunRequest, TaskConfig } from './config.ts';
import { isRunFile, makeFolder, removeFiles, runFiles } from './files.ts';
import { mendRun, readJson } from './read-files.ts';
import { readStatus, type RunStatus } from './status.ts';

/** A folder that can't be used as it was asked for; the message says what is in it and what to do. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/** What a folder holds of an earlier run. */
export interface Found<Config extends TaskConfig> {
  readonly config: Config;
  /** Undefined if it was never begun. */
  readonly status: RunStatus | undefined;
}

/**
 * Looks at a run's folder before anything slow or irreversible is done.
 *
 * @returns The run to go on with, or undefined where a new one begins.
 * @throws FolderError if the folder holds another run, or other files, or none to resume.
 */
export async function inspectFolder<Config extends TaskConfig>(
  folder: string,
  mode: RunMode,
): Promise<Found<Config> | undefined> {
  const names = await readdir(folder).catch((cause: unknown): string[] => {
    if ((cause as { code?: string }).code === 'ENOENT') return [];
    throw new StorageError({ action: 'read', path: folder, cause });
  });
  if (mode === 'overwrite') return undefined;
  const config = names.includes(runFiles.config) ? await readConfig<Config>(folder) : undefined;
  if (config === undefined) return requireEmpty(folder, mode, names);
  const status = await readStatus(folder);
  if (mode === 'new') throw new FolderError(describeOccupied(folder, config, status));
  return { config, status };
}

async function readConfig<Config extends TaskConfig>(folder: string): Promise<Config | undefined> {
  const source = join(folder, runFiles.config);
  const config = await readJson<Partial<Config> | null>(source);
  if (config === undefined || (config?.format === 1 && config.data !== undefined)) return config as Config | undefined;
  const received = `format ${JSON.stringify(config?.format) ?? 'none'}`;
  throw new CheckpointError({ source, expected: "a run's configuration, format 1", received, remedy: mendRun });
}

function requireEmpty(folder: string, mode: RunMode, names: readonly string[]): undefined {
  if (mode === 'resume')
    throw new FolderError(`${folder} holds no run to resume: leave --resume out to begin one there.`);
  if (names.length === 0) return undefined;
  throw new FolderError(
    `${folder} holds other files (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}), and no run. ` +
      'Choose another folder with --out, or add --overwrite: it replaces only files of the names that a run writes.',
  );
}

function describeOccupied(folder: string, config: TaskConfig, status: RunStatus | undefined): string {
  const elsewhere = 'or another folder with --out.';
  if (status?.state === 'finished') {
    const look = `${folder} holds a finished run: open ${join(folder, runFiles.report)}.`;
    return `${look}\nTo run it again, add --overwrite, ${elsewhere}`;
  }
  const where = status?.state === 'diverged' ? 'a run that diverged' : 'an unfinished run';
  const at = status === undefined ? '' : ` (step ${status.step} of ${totalSteps(config)})`;
  return `${folder} holds ${where}${at}.\nAdd --resume to go on with it, --overwrite to begin anew, ${elsewhere}`;
}

function totalSteps(config: TaskConfig & { readonly losses?: readonly unknown[] }): number {
  return config.steps * (config.losses?.length ?? 1);
}

/** Makes the folder ready for a new run: an old one's files go, others stay. */
export async function beginFolder(folder: string, config: TaskConfig): Promise<void> {
  await makeFolder(folder);
  // The configuration last: as long as it is there, the folder is seen to hold a run.
  await removeFiles(folder, (name) => isRunFile(name) && name !== runFiles.config);
  await writeConfig(folder, config);
}

async function writeConfig(folder: string, config: TaskConfig): Promise<void> {
  await writeFileAtomic(join(folder, runFiles.config), `${JSON.stringify(config, null, 2)}\n`);
}

/**
 * What a user asks for must be what the run in the folder was begun with; what isn't asked for is taken from there.
 *
 * @throws FolderError naming the first field that differs.
 */
export function requireSameRun(folder: string, request: RunRequest, config: TaskConfig & { loss?: string }): void {
  const { task, loss, preset, seed, steps, batch, best } = request;
  const backend = request.backend === 'auto' ? undefined : request.backend;
  for (const [field, asked] of Object.entries({ task, loss, preset, seed, steps, batch, best, backend })) {
    const stored = config[field as keyof TaskConfig];
    if (asked === undefined || asked === stored) continue;
    throw new FolderError(
      `${folder} can't be resumed with another ${field}: it was begun with ${field} ${stored}, not ${asked}.\n` +
        `Leave that out to go on with it, or choose another folder with --out.`,
    );
  }
}
