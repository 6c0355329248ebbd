import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DataFormatError } from './data-format-error.ts';
import { datasetFrom } from './idx-dataset.ts';
import { readIdxFile, type ReadIdxOptions } from './idx-file.ts';
import type { Dataset } from './labelled-images.ts';

export interface LoadIdxDirectoryOptions extends ReadIdxOptions {
  /**
   * Name of the data set.
   * @default the folder's own name
   */
  readonly name?: string;
  /**
   * Number of classes; labels must lie below it.
   * @default the largest label in the training part, plus one
   */
  readonly classes?: number;
}

/**
 * Reads a data set of four IDX files in MNIST's naming, each plain or gzipped:
 * `train-` and `t10k-` (or `test-`), `images-idx3-ubyte` and `labels-idx1-ubyte`; the hyphen before `idx` may be a dot, and
 * a prefix (`emnist-letters-train-...`) and the ending `.gz` may be there. A plain file is taken before its gzipped twin.
 *
 * @throws DataFormatError if a file is missing, there are several candidates, or one is not what it claims to be
 * @throws OptionError if `maxBytes` or `classes` is out of range
 */
export async function loadIdxDirectory(directory: string, options: LoadIdxDirectoryOptions = {}): Promise<Dataset> {
  const names = await listFiles(directory);
  const find = (part: string, kind: string): string => join(directory, findFile(names, part, kind, directory));
  const sources = {
    train: { images: find('train', 'images-idx3'), labels: find('train', 'labels-idx1') },
    test: { images: find('t10k|test', 'images-idx3'), labels: find('t10k|test', 'labels-idx1') },
  };
  const name = options.name ?? basename(resolve(directory));
  const { maxBytes, classes } = options;
  return datasetFrom({
    name,
    sources,
    classes,
    read: (source) => readIdxFile(source, maxBytes === undefined ? {} : { maxBytes }),
  });
}

async function listFiles(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  } catch (cause) {
    throw new DataFormatError(`cannot be read (${(cause as Error).message})`, { source: directory, cause });
  }
}

function findFile(names: readonly string[], part: string, kind: string, directory: string): string {
  const pattern = new RegExp(`^(.+[-_])?(${part})-${kind.replace('-', '[-.]')}-ubyte(\\.gz)?$`);
  const found = names.filter((name) => pattern.test(name));
  const plain = found.filter((name) => !found.includes(name.replace(/\.gz$/, '')) || !name.endsWith('.gz'));
  const [first, second] = plain;
  if (first === undefined) {
    const wanted = `${part.split('|')[0]}-${kind}-ubyte`;
    throw new DataFormatError(`has no ${wanted} or ${wanted}.gz`, { source: directory });
  }
  if (second !== undefined) {
    const problem = `has several files that could be meant: ${plain.join(', ')}; keep one data set to a folder`;
    throw new DataFormatError(problem, { source: directory });
  }
  return first;
}
