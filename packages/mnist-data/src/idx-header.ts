import { DataFormatError } from './data-format-error.ts';

/** Element types of the IDX format, by the name of their typed array's element. */
export type IdxType = 'uint8' | 'int8' | 'int16' | 'int32' | 'float32' | 'float64';

/** Type code (third byte of the file) and width in bytes of each element type, as in LeCun's description of the format. */
export const idxTypes: Readonly<Record<IdxType, { readonly code: number; readonly width: number }>> = {
  uint8: { code: 0x08, width: 1 },
  int8: { code: 0x09, width: 1 },
  int16: { code: 0x0b, width: 2 },
  int32: { code: 0x0c, width: 4 },
  float32: { code: 0x0d, width: 4 },
  float64: { code: 0x0e, width: 8 },
};

/** No IDX header is longer: four bytes, and four for each of at most 255 dimensions. */
export const longestIdxHeader = 4 + 4 * 255;

/** What the first bytes of an IDX file promise. */
export interface IdxHeader {
  readonly type: IdxType;
  readonly shape: readonly number[];
  /** Bytes before the first element. */
  readonly headerBytes: number;
  /** Bytes of all elements; may be absurdly large, as nothing but the header has been looked at. */
  readonly dataBytes: number;
}

/** How many bytes the header takes, or undefined if `bytes` is too short to tell. */
export function idxHeaderLength(bytes: Uint8Array): number | undefined {
  const dimensions = bytes[3];
  return dimensions === undefined ? undefined : 4 + 4 * dimensions;
}

/**
 * Reads an IDX header: two zero bytes, the type code, the number of dimensions, then each size as big-endian uint32.
 *
 * @throws DataFormatError if these are not the first bytes of an IDX file, or break off within the header
 */
export function parseIdxHeader(bytes: Uint8Array, source: string): IdxHeader {
  const headerBytes = idxHeaderLength(bytes);
  if (headerBytes === undefined) {
    throw new DataFormatError(`has ${bytes.length} bytes, and an IDX file at least 4`, {
      source,
      offset: bytes.length,
    });
  }
  const type = parseMagic(bytes, source);
  if (bytes.length < headerBytes) {
    const problem = `breaks off within the header, which takes ${headerBytes} bytes`;
    throw new DataFormatError(problem, { source, offset: bytes.length });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const shape = Array.from({ length: (headerBytes - 4) / 4 }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { type, shape, headerBytes, dataBytes: shape.reduce((size, n) => size * n, idxTypes[type].width) };
}

/** Whether `bytes` begin as a gzip member does (RFC 1952, 2.3.1). No IDX file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function parseMagic(bytes: Uint8Array, source: string): IdxType {
  if (isGzip(bytes)) throw new DataFormatError('is gzipped; inflate it first', { source, offset: 0 });
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    const found = Array.from(bytes.subarray(0, 4), hex).join(' ');
    throw new DataFormatError(`is no IDX file: it begins with ${found}, not with 00 00`, { source, offset: 0 });
  }
  const code = bytes[2] ?? 0;
  const type = (Object.keys(idxTypes) as IdxType[]).find((name) => idxTypes[name].code === code);
  if (type) return type;
  const known = Object.entries(idxTypes).map(([name, known]) => `${hex(known.code)} (${name})`);
  throw new DataFormatError(`has element type ${hex(code)}; IDX knows ${known.join(', ')}`, { source, offset: 2 });
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
