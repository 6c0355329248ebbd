import { type BackendChoice, useBackend } from '@lab/core';
import type { LabelledImages } from '@lab/mnist-data';
import { presets } from '../presets.ts';
import type { Reporter } from '../progress/reporter.ts';
import { resolveConfig, type RunRequest, type SharedConfig } from './config.ts';
import { loadTrainingData } from './data.ts';
import { FolderError, type Found } from './folder.ts';

/** What all runs of one process share. */
export interface Session {
  readonly backend: BackendChoice;
  readonly images: LabelledImages;
  readonly report: Reporter;
  /** Aborted with the name of the signal that asked for it. */
  readonly signal: AbortSignal;
}

/**
 * Chooses the backend, loads the data, and settles the configuration: that of the run found in the folder, or a new one.
 *
 * @throws FolderError if the data isn't that of the run found.
 */
export async function openSession(
  folder: string,
  request: RunRequest,
  found: Found<SharedConfig> | undefined,
  context: Pick<Session, 'report' | 'signal'>,
): Promise<{ session: Session; config: SharedConfig }> {
  const { threads } = request;
  const backend = await useBackend(found?.config.backend ?? request.backend, threads === undefined ? {} : { threads });
  const { pictures } = presets[found?.config.preset ?? request.preset ?? 'quick'];
  const data = await loadTrainingData(request.data ?? found?.config.data.folder ?? null, pictures);
  const session = { ...context, backend, images: data.images };
  if (found === undefined) return { session, config: resolveConfig(request, backend.name, data.config) };
  requireSameData(folder, data.config.sha256, found.config);
  return { session, config: found.config };
}

function requireSameData(folder: string, sha256: string, { data }: SharedConfig): void {
  if (data.sha256 === sha256) return;
  const where = data.folder === null ? 'the bundled MNIST' : `--data ${data.folder}`;
  throw new FolderError(
    `${folder} can't be resumed with other data: it was begun with ${where}, whose training pictures have sha256 ` +
      `${data.sha256.slice(0, 12)}..., not ${sha256.slice(0, 12)}....\nGive it the same data, or choose another folder with --out.`,
  );
}
