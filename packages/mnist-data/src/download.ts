import { DataFormatError } from './data-format-error.ts';

/** How far a download has come, over all of its files. */
export interface DownloadProgress {
  readonly loadedBytes: number;
  /** Undefined as long as a server has not said how much it will send. */
  readonly totalBytes: number | undefined;
}

export interface DownloadOptions {
  /** Stops the download; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each piece that arrives. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** Adds up the progress of several files. */
export class ProgressSum {
  readonly #files = new Map<string, DownloadProgress>();
  readonly #expected: number;
  readonly #report: DownloadOptions['onProgress'];

  constructor(expectedFiles: number, report: DownloadOptions['onProgress']) {
    this.#expected = expectedFiles;
    this.#report = report;
  }

  update(url: string, file: DownloadProgress): void {
    this.#files.set(url, file);
    const files = [...this.#files.values()];
    const totals = files.map(({ totalBytes }) => totalBytes);
    const known = files.length === this.#expected && totals.every((total) => total !== undefined);
    this.#report?.({
      loadedBytes: files.reduce((sum, { loadedBytes }) => sum + loadedBytes, 0),
      totalBytes: known ? totals.reduce<number>((sum, total) => sum + (total ?? 0), 0) : undefined,
    });
  }
}

/**
 * Fetches `url`, and gives up as soon as more than `mostBytes` arrive.
 *
 * @throws DataFormatError if the server can't be reached, refuses, or sends too much
 */
export async function download(
  url: string,
  mostBytes: number,
  progress: ProgressSum,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, signal ? { signal } : {});
    if (!response.ok) throw new DataFormatError(`the server answers ${response.status}`, { source: url });
    return await collectBody(response, url, mostBytes, progress);
  } catch (cause) {
    if (cause instanceof DataFormatError || signal?.aborted) throw cause;
    throw new DataFormatError(`cannot be fetched (${(cause as Error).message})`, { source: url, cause });
  }
}

/** Pieces of what `bytes` inflate to, as they come. @throws DataFormatError if they can't be inflated */
export async function* inflateChunks(
  bytes: Uint8Array<ArrayBuffer>,
  format: 'deflate' | 'gzip',
  source: string,
): AsyncGenerator<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw new DataFormatError(`cannot be inflated (${(cause as Error).message})`, { source, cause });
  } finally {
    // Also reached when the caller has had enough; a stream that failed is beyond cancelling.
    await reader.cancel().catch(() => {});
  }
}

async function collectBody(
  response: Response,
  url: string,
  mostBytes: number,
  progress: ProgressSum,
): Promise<Uint8Array<ArrayBuffer>> {
  const totalBytes = bodyLength(response);
  const chunks: Uint8Array[] = [];
  let loadedBytes = 0;
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); reader && piece && !piece.done; piece = await reader.read()) {
    loadedBytes += piece.value.length;
    if (loadedBytes > mostBytes) {
      await reader.cancel();
      throw new DataFormatError(`oversized: more than ${mostBytes} bytes arrive`, { source: url });
    }
    chunks.push(piece.value);
    progress.update(url, { loadedBytes, totalBytes });
  }
  return joinChunks(chunks, loadedBytes);
}

/** Undefined too where the server compresses on the way: its length is then not that of what arrives. */
function bodyLength({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? undefined : Number(length);
}

/** Puts pieces of `length` bytes in all into one array. */
export function joinChunks(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
