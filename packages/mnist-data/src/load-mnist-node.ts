import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { DataFormatError } from './data-format-error.ts';
import type { Dataset, LabelledImages } from './labelled-images.ts';
import { mnistDataset, mostInflatedBytes, packedParts, unpackPart, type PackedPart } from './packed-mnist.ts';

/**
 * The full MNIST (60,000 and 10,000 pictures of 28 x 28), from the files in this package: nothing is downloaded.
 * Each call gives arrays of its own, checked against the sha256 of the canonical files.
 *
 * Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
 *
 * @throws DataFormatError if the packed files are missing or damaged
 */
export async function loadMnist(): Promise<Dataset> {
  const [train, test] = await Promise.all([loadPart(packedParts.train), loadPart(packedParts.test)]);
  return mnistDataset(train, test);
}

async function loadPart(part: PackedPart): Promise<LabelledImages> {
  const source = fileURLToPath(new URL(`../data/${part.packed}`, import.meta.url));
  const inflated = await readPacked(source, mostInflatedBytes(part));
  return unpackPart(inflated, part, source);
}

async function readPacked(source: string, maxOutputLength: number): Promise<Uint8Array> {
  try {
    return await promisify(inflate)(await readFile(source), { maxOutputLength });
  } catch (cause) {
    const problem = `cannot be read (${(cause as Error).message}); reinstall the package, or in its source tree build it`;
    throw new DataFormatError(problem, { source, cause });
  }
}
