import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StorageError } from './storage-error.ts';

const staleAfterMs = 60_000;

let written = 0;

/**
 * Writes a file so that a reader, and whoever comes after a kill or a power cut, finds either the old content or the new
 * one, whole: it is written beside, flushed to the disk, and renamed. What an earlier process left there when it was
 * killed is removed.
 *
 * @param path The file; its folder must exist.
 * @param content Bytes, or text that is written as UTF-8.
 * @throws StorageError if that fails; the old content is intact then and nothing else is left behind.
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  const beside = join(folder, `${besidePrefix(path)}${process.pid}-${written++}.tmp`);
  try {
    await writeAndFlush(beside, content);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw new StorageError({ action: 'write', path, cause });
  }
  await flushFolder(folder);
  await removeStale(path);
}

/** Hidden, and on the same file system as the file itself. */
function besidePrefix(path: string): string {
  return `.${basename(path)}.`;
}

async function writeAndFlush(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable, on systems that let a folder be opened. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** A process that was killed while writing could not clean up. Failing to is no failure of the write. */
async function removeStale(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const processId = ownerOf(name, besidePrefix(path));
    if (processId === undefined || isRunning(processId)) continue;
    const beside = join(folder, name);
    // On a shared disk the process may run on another machine: then its file is young.
    const age = await stat(beside).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > staleAfterMs) await rm(beside, { force: true }).catch(() => undefined);
  }
}

function ownerOf(name: string, prefix: string): number | undefined {
  const match = name.startsWith(prefix) ? /^(\d+)-\d+\.tmp$/.exec(name.slice(prefix.length)) : null;
  return match === null ? undefined : Number(match[1]);
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
