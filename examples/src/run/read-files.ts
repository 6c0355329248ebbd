import { readFile } from 'node:fs/promises';
import { CheckpointError } from '@lab/core';
import { StorageError } from '@lab/core/node';

/** What a JSON file of a run holds; undefined if there is no such file. @throws CheckpointError if it is damaged. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text.toString()) as T;
  } catch (cause) {
    const received = (cause as Error).message;
    throw new CheckpointError(
      { source: path, expected: 'JSON, as a run writes it', received, remedy: mendRun },
      { cause },
    );
  }
}

/** What to do about a damaged file of a run. */
export const mendRun = 'Put the right file back, or begin anew with --overwrite.';

/** A file's content; undefined if there is no such file. @throws StorageError if it can't be read. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((cause: unknown) => {
    if ((cause as { code?: string }).code === 'ENOENT') return undefined;
    throw new StorageError({ action: 'read', path, cause });
  });
}
