import { readFile } from 'node:fs/promises';
import { decodeSafetensors, type Safetensors } from './decode-safetensors.ts';
import { encodeSafetensors } from './encode-safetensors.ts';
import type { NamedTensors } from './named-tensors.ts';
import { StorageError } from './storage-error.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

/**
 * Writes tensors to a safetensors file, atomically.
 *
 * @throws StorageError if it can't be written: an earlier checkpoint of that name is intact then.
 * @throws ConfigError if data and shape of a tensor don't fit each other.
 */
export async function writeCheckpoint(
  path: string,
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata));
}

/**
 * Reads a safetensors file.
 *
 * @throws StorageError if it can't be read.
 * @throws CheckpointError if it is damaged or something else.
 */
export async function readCheckpoint(path: string): Promise<Safetensors> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new StorageError({ action: 'read', path, cause });
  });
  return decodeSafetensors(bytes, path);
}
