import { DataFormatError } from './data-format-error.ts';
import { download, inflateChunks, joinChunks, ProgressSum, type DownloadOptions } from './download.ts';
import type { Dataset, LabelledImages } from './labelled-images.ts';
import { mnistDataset, mostInflatedBytes, packedParts, unpackPart, type PackedPart } from './packed-mnist.ts';

export interface LoadMnistOptions extends DownloadOptions {
  /**
   * Where `mnist-train.bin` and `mnist-test.bin` lie, if not beside this module; relative to the page.
   * @default the `data` folder of this package
   */
  readonly baseUrl?: string | URL;
}

/** Written out, not put together, because bundlers find assets by this very form. */
const packaged = {
  train: () => new URL('../data/mnist-train.bin', import.meta.url),
  test: () => new URL('../data/mnist-test.bin', import.meta.url),
};

/**
 * The full MNIST (60,000 and 10,000 pictures of 28 x 28), fetched from this package's two data files (8.6 MB).
 * The content is checked against the sha256 of the canonical files where the page may use Web Crypto.
 *
 * @throws DataFormatError if a file can't be fetched or is not what it should be
 */
export async function loadMnist(options: LoadMnistOptions = {}): Promise<Dataset> {
  const progress = new ProgressSum(2, options.onProgress);
  const load = (half: 'train' | 'test'): Promise<LabelledImages> =>
    loadPart(partUrl(half, options.baseUrl), packedParts[half], progress, options.signal);
  const [train, test] = await Promise.all([load('train'), load('test')]);
  return mnistDataset(train, test);
}

function partUrl(half: 'train' | 'test', baseUrl: string | URL | undefined): string {
  if (baseUrl === undefined) return packaged[half]().href;
  const folder = String(baseUrl).replace(/\/*$/, '/');
  const page = typeof document === 'undefined' ? undefined : document.baseURI;
  return new URL(packedParts[half].packed, new URL(folder, page)).href;
}

async function loadPart(
  url: string,
  part: PackedPart,
  progress: ProgressSum,
  signal: AbortSignal | undefined,
): Promise<LabelledImages> {
  // Packed pictures that take more room than unpacked ones are not ours.
  const packed = await download(url, part.images.bytes, progress, signal);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of inflateChunks(packed, 'deflate', url)) {
    length += chunk.length;
    if (length > mostInflatedBytes(part)) throw new DataFormatError('oversized: inflates without end', { source: url });
    chunks.push(chunk);
  }
  signal?.throwIfAborted();
  return unpackPart(joinChunks(chunks, length), part, url);
}
