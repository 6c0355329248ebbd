import { StorageError } from '@lab/core/node';
import type { RunRequest } from '../run/config.ts';
import { readStatus } from '../run/status.ts';
import { resumeCommand } from './outcome.ts';

/** A run that the machine broke off: what went wrong, what is safe, and how to go on. */
export class BrokenOffError extends Error {
  override readonly name = 'BrokenOffError';
}

/** Adds to a full disk and the like which checkpoint is left, and how to go on from it. */
export async function withResumeHint<T>(request: RunRequest, folder: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    if (!(cause instanceof StorageError)) throw cause;
    const status = await readStatus(folder).catch(() => undefined);
    if (status === undefined) throw cause;
    const intact = `The checkpoint of step ${status.step} is intact. Once that is mended, go on with:`;
    throw new BrokenOffError(`${cause.message}\n${intact}\n  ${resumeCommand(request, folder)}`, { cause });
  }
}
