import { type BackendChoice, useBackend } from '@lab/core';
import type { RunRequest, TaskConfig } from './config.ts';
import { loadTrainingData } from './data.ts';
import { beginFolder, inspectFolder, requireSameRun } from './folder.ts';
import type { RunStatus } from './status.ts';

/** A task's folder, ready. */
export interface OpenedTask<Own = unknown> {
  readonly config: TaskConfig & Own;
  readonly backend: BackendChoice;
  /** Where an earlier session left it; undefined if it begins now. */
  readonly status: RunStatus | undefined;
}

/**
 * Chooses the backend and makes the folder of a task on the bundled MNIST ready: `config.json` is written, or read where the
 * task goes on.
 *
 * @param own What its configuration has besides, and the steps that it consists of.
 * @throws FolderError if the folder holds another run, or other files, or none to resume.
 */
export async function openTask<Own extends object>(
  folder: string,
  request: RunRequest,
  own: Pick<TaskConfig, 'steps'> & Own,
): Promise<OpenedTask<Own>> {
  const found = await inspectFolder<TaskConfig & Own>(folder, request.mode);
  if (found !== undefined) requireSameRun(folder, request, found.config);
  const { threads, task, preset = 'quick', seed = 0 } = request;
  const backend = await useBackend(found?.config.backend ?? request.backend, threads === undefined ? {} : { threads });
  if (found !== undefined) return { config: found.config, backend, status: found.status };
  const { config: data } = await loadTrainingData(null, null);
  const config = { format: 1, task, preset, seed, ...own, backend: backend.name, data } as const;
  await beginFolder(folder, config);
  return { config, backend, status: undefined };
}
