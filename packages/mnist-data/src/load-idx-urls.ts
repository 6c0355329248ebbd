import { download, inflateChunks, ProgressSum, type DownloadOptions } from './download.ts';
import { collectIdx } from './idx-collector.ts';
import { datasetFrom } from './idx-dataset.ts';
import { isGzip } from './idx-header.ts';
import type { IdxArray } from './idx.ts';
import type { Dataset, PairSources } from './labelled-images.ts';
import { requireInteger } from './option-error.ts';

/** URLs of the four files of a data set, absolute or relative to the page; each plain or gzipped. */
export interface IdxUrls {
  readonly train: PairSources;
  readonly test: PairSources;
}

export interface LoadIdxUrlsOptions extends DownloadOptions {
  /**
   * Name of the data set.
   * @default 'idx'
   */
  readonly name?: string;
  /**
   * Number of classes; labels must lie below it.
   * @default the largest label in the training part, plus one
   */
  readonly classes?: number;
  /**
   * The most memory one file may take, in bytes, whatever its header says.
   * @default 2 ** 30
   */
  readonly maxBytes?: number;
}

/**
 * Fetches a data set of four IDX files, such as Fashion-MNIST.
 *
 * @throws DataFormatError if a file can't be fetched or is not what it claims to be
 * @throws OptionError if `maxBytes` or `classes` is out of range
 */
export async function loadIdxUrls(urls: IdxUrls, options: LoadIdxUrlsOptions = {}): Promise<Dataset> {
  const maxBytes = requireInteger('maxBytes', options.maxBytes ?? 2 ** 30);
  const progress = new ProgressSum(4, options.onProgress);
  const read = async (url: string): Promise<IdxArray> =>
    parseStored(await download(url, maxBytes, progress, options.signal), url, maxBytes);
  return datasetFrom({ name: options.name ?? 'idx', sources: urls, classes: options.classes, read });
}

/** A server may gzip or gunzip on the way, so the content decides, not the name. */
async function parseStored(stored: Uint8Array<ArrayBuffer>, source: string, maxBytes: number): Promise<IdxArray> {
  const gzipped = isGzip(stored);
  const chunks = gzipped ? inflateChunks(stored, 'gzip', source) : asStream(stored);
  return collectIdx(chunks, { source, storedBytes: stored.length, gzipped, maxBytes });
}

async function* asStream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
