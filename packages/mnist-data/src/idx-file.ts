import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { DataFormatError } from './data-format-error.ts';
import { collectIdx } from './idx-collector.ts';
import { isGzip } from './idx-header.ts';
import { encodeIdx, type IdxArray } from './idx.ts';
import { requireInteger } from './option-error.ts';

export interface ReadIdxOptions {
  /**
   * The most memory one file may take, in bytes, whatever its header says.
   * @default 2 ** 30
   */
  readonly maxBytes?: number;
}

/**
 * Reads an IDX file, plain or gzipped (told by its content, not its name).
 *
 * The header is held against the file's size before memory is taken, and a gzipped file is inflated no further than its
 * header promises.
 *
 * @throws DataFormatError if the file can't be read or is not what it claims to be
 */
export async function readIdxFile(path: string, options: ReadIdxOptions = {}): Promise<IdxArray> {
  const maxBytes = requireInteger('maxBytes', options.maxBytes ?? 2 ** 30);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    return await readOpenFile(handle, path, maxBytes);
  } catch (cause) {
    if (cause instanceof DataFormatError) throw cause;
    throw new DataFormatError(`cannot be read (${(cause as Error).message})`, { source: path, cause });
  } finally {
    await handle?.close();
  }
}

/**
 * Writes an IDX file; gzipped if the path ends in `.gz`. It is written beside and renamed, so that `path` is never half a file.
 *
 * @throws OptionError if the shape does not fit the data; else what the file system throws
 */
export async function writeIdxFile(path: string, array: IdxArray): Promise<void> {
  const bytes = encodeIdx(array);
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(path.endsWith('.gz') ? gzipSync(bytes, { level: 9 }) : bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function readOpenFile(handle: FileHandle, source: string, maxBytes: number): Promise<IdxArray> {
  const stat = await handle.stat();
  if (!stat.isFile()) throw new DataFormatError('is no regular file', { source });
  const { buffer } = await handle.read(new Uint8Array(2), 0, 2, 0);
  const gzipped = isGzip(buffer);
  const limits = { source, storedBytes: stat.size, gzipped, maxBytes };
  return collectIdx(gzipped ? inflated(handle, stat.size, source) : chunksOf(handle), limits);
}

function chunksOf(handle: FileHandle) {
  return handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 2 ** 18 });
}

async function* inflated(handle: FileHandle, storedBytes: number, source: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 2 ** 18 });
  // The callback is there because pipeline wants one: what goes wrong comes out of the loop.
  yield* pipeline(chunksOf(handle), gunzip, () => {});
  // zlib passes over zeros after the last gzip member; a data file has nothing there.
  if (gunzip.bytesWritten < storedBytes) {
    const left = storedBytes - gunzip.bytesWritten;
    throw new DataFormatError(`oversized: ${left} bytes follow the end of the gzipped data`, { source });
  }
}
