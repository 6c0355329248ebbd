import { DataFormatError } from './data-format-error.ts';
import { idxHeaderLength, longestIdxHeader, parseIdxHeader, type IdxHeader } from './idx-header.ts';
import { parseIdx, requireSize, type IdxArray } from './idx.ts';

/** Deflate cannot shrink data further than this (a run of 258 bytes costs at least two bits). */
const deflateMaxRatio = 1032;

/** What is known of a file before any of it is inflated or kept. */
export interface IdxLimits {
  /** File name or URL, for messages. */
  readonly source: string;
  /** Bytes of the file as it is stored. */
  readonly storedBytes: number;
  /** Whether the stored bytes are gzipped. */
  readonly gzipped: boolean;
  /** The most memory one file may take, in bytes. */
  readonly maxBytes: number;
}

/**
 * Gathers an IDX file from a stream of chunks. Memory for the data is taken once, and only after the header's promise has
 * been held against what the stored bytes can possibly contain; the stream is left as soon as it gives more than promised.
 *
 * @throws DataFormatError if the stream is no IDX file, breaks its header's promise, or promises what cannot be
 */
export async function collectIdx(chunks: AsyncIterable<Uint8Array>, limits: IdxLimits): Promise<IdxArray> {
  let start: Uint8Array = new Uint8Array(0);
  let file: Uint8Array | undefined;
  let header: IdxHeader | undefined;
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (file && header) {
      if (size > file.length) throw oversized(header, limits.source);
      file.set(chunk, size - chunk.length);
      continue;
    }
    start = concat(start, chunk);
    if (!holdsHeader(start)) continue;
    header = parseIdxHeader(start.subarray(0, longestIdxHeader), limits.source);
    requirePossible(header, limits);
    if (size > header.headerBytes + header.dataBytes) throw oversized(header, limits.source);
    file = new Uint8Array(header.headerBytes + header.dataBytes);
    file.set(start);
  }
  if (!file || !header) return parseIdx(start, limits.source);
  requireSize(header, size, limits.source);
  return parseIdx(file, limits.source);
}

function holdsHeader(bytes: Uint8Array): boolean {
  const length = idxHeaderLength(bytes);
  // A foreign file fails on its first four bytes, whatever length it seems to give its header.
  return length !== undefined && (bytes.length >= length || bytes[0] !== 0 || bytes[1] !== 0);
}

function requirePossible(header: IdxHeader, { source, storedBytes, gzipped, maxBytes }: IdxLimits): void {
  const promised = header.headerBytes + header.dataBytes;
  const claim = `the header claims shape [${header.shape.join(', ')}], so ${promised} bytes`;
  if (!gzipped) requireSize(header, storedBytes, source);
  if (promised > storedBytes * deflateMaxRatio) {
    const problem = `truncated: ${claim}; ${storedBytes} gzipped bytes cannot hold that many`;
    throw new DataFormatError(problem, { source, offset: 4 });
  }
  if (promised > maxBytes) {
    const problem = `too large: ${claim}; the limit is ${maxBytes} (raise maxBytes if the file is to be trusted)`;
    throw new DataFormatError(problem, { source, offset: 4 });
  }
}

function oversized(header: IdxHeader, source: string): DataFormatError {
  const promised = header.headerBytes + header.dataBytes;
  const problem = `oversized: the header claims shape [${header.shape.join(', ')}], so ${promised} bytes; there are more`;
  return new DataFormatError(problem, { source, offset: promised });
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
