import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@lab/core';
import { StorageError } from '@lab/core/node';
import type { Rows } from '@lab/metrics';
import { type IdxArray, DataFormatError } from '@lab/mnist-data';
import { readIdxFile } from '@lab/mnist-data/node';
import { readPng } from './read-png.ts';

/** Height and width of the pictures that the judge reads. */
const side = 28;

/**
 * The pictures in a folder of PNG files, in the order of their names, or in an IDX file (plain or .gz), `[N, 28, 28, 1]`.
 *
 * @throws ConfigError for a folder without PNGs, or pictures of another size; StorageError, DataFormatError.
 */
export async function readPictures(path: string): Promise<Rows> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new StorageError({ action: 'read', path, cause });
  });
  return found.isDirectory() ? readFolder(path) : fromIdx(path, await readIdxFile(path));
}

/** @throws DataFormatError unless the file holds one byte for each of `count` pictures. */
export async function readLabels(path: string, count: number): Promise<Uint8Array> {
  const { data, shape } = await readIdxFile(path);
  if (data instanceof Uint8Array && shape.length === 1 && shape[0] === count) return data;
  throw new DataFormatError(`holds shape [${shape.join(', ')}]; expected ${count} labels as bytes`, { source: path });
}

async function readFolder(folder: string): Promise<Rows> {
  const names = (await readdir(folder)).filter((name) => /\.png$/i.test(name)).sort();
  if (names.length === 0) {
    throw new ConfigError({
      field: 'The folder',
      value: folder,
      expected: `one of PNG files of ${side} x ${side} pixels`,
    });
  }
  const data = new Float32Array(names.length * side * side);
  for (const [i, name] of names.entries()) {
    const picture = await readPng(join(folder, name));
    requireSide(join(folder, name), picture.height, picture.width);
    data.set(picture.data, i * side * side);
  }
  return { data, shape: [names.length, side, side, 1] };
}

function fromIdx(path: string, { shape, data }: IdxArray): Rows {
  if (!(data instanceof Uint8Array) || shape.length !== 3) {
    const problem = `holds a ${data.constructor.name} of shape [${shape.join(', ')}]; expected pictures [N, ${side}, ${side}] as bytes`;
    throw new DataFormatError(problem, { source: path });
  }
  const [count, height, width] = shape as [number, number, number];
  requireSide(path, height, width);
  return { data: Float32Array.from(data, (byte) => byte / 255), shape: [count, side, side, 1] };
}

function requireSide(path: string, height: number, width: number): void {
  if (height === side && width === side) return;
  const hint = height % side === 0 || (height > side && width > side) ? ' A grid has to be cut into its pictures.' : '';
  const field = `The size of the pictures in ${path}`;
  throw new ConfigError({
    field,
    value: `${width} x ${height}`,
    expected: `${side} x ${side}`,
    ...(hint && { hint: hint.trim() }),
  });
}
