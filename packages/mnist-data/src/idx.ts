import { DataFormatError } from './data-format-error.ts';
import { idxTypes, parseIdxHeader, type IdxHeader, type IdxType } from './idx-header.ts';
import { OptionError, requireInteger } from './option-error.ts';

/** A typed array that an IDX file can hold. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array of any rank, as an IDX file holds it: row-major, last axis fastest. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: IdxData;
}

const hostIsBigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;

/**
 * Reads a whole, uncompressed IDX file.
 *
 * Elements of one byte are a view on `bytes`, without a copy; wider ones are copied into the host's byte order.
 *
 * @param bytes the file's content, header included
 * @param source file name or URL for messages
 * @throws DataFormatError if the bytes are no IDX file, or more or fewer than the header promises
 */
export function parseIdx(bytes: Uint8Array, source = 'IDX data'): IdxArray {
  const header = parseIdxHeader(bytes, source);
  requireSize(header, bytes.length, source);
  return { shape: header.shape, data: typedData(header.type, bytes.subarray(header.headerBytes)) };
}

/**
 * Writes an array as an uncompressed IDX file; the element type follows from the typed array.
 *
 * @throws OptionError if the shape does not fit the data or the format
 */
export function encodeIdx({ shape, data }: IdxArray): Uint8Array<ArrayBuffer> {
  const type = typeOf(data);
  requireShape(shape, data.length);
  const bytes = new Uint8Array(4 + 4 * shape.length + data.byteLength);
  bytes[2] = idxTypes[type].code;
  bytes[3] = shape.length;
  const view = new DataView(bytes.buffer);
  shape.forEach((size, axis) => view.setUint32(4 + 4 * axis, size));
  const body = bytes.subarray(4 + 4 * shape.length);
  body.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  toBigEndian(body, idxTypes[type].width);
  return bytes;
}

/** Whether a file of `size` bytes is what its header promises. @throws DataFormatError if not */
export function requireSize({ shape, headerBytes, dataBytes }: IdxHeader, size: number, source: string): void {
  const promised = headerBytes + dataBytes;
  if (size === promised) return;
  const claim = `the header claims shape [${shape.join(', ')}], so ${promised} bytes; there are ${size}`;
  const [verdict, offset] = size < promised ? ['truncated', size] : ['oversized', promised];
  throw new DataFormatError(`${verdict}: ${claim}`, { source, offset });
}

function typedData(type: IdxType, bytes: Uint8Array): IdxData {
  if (type === 'uint8') return bytes;
  if (type === 'int8') return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const copy = bytes.slice();
  toBigEndian(copy, idxTypes[type].width);
  if (type === 'int16') return new Int16Array(copy.buffer);
  if (type === 'int32') return new Int32Array(copy.buffer);
  return type === 'float32' ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer);
}

function typeOf(data: IdxData): IdxType {
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Int16Array) return 'int16';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  throw new OptionError('data', Object.prototype.toString.call(data), 'a typed array that IDX knows');
}

function requireShape(shape: readonly number[], elements: number): void {
  requireInteger('shape.length', shape.length, { max: 255 });
  shape.forEach((size, axis) => requireInteger(`shape[${axis}]`, size, { max: 0xffffffff }));
  if (shape.reduce((product, size) => product * size, 1) !== elements) {
    throw new OptionError('shape', `[${shape.join(', ')}]`, `sizes whose product is the data's length, ${elements}`);
  }
}

/** Turns elements from the host's byte order to big-endian or back, in place: the swap is its own inverse. */
function toBigEndian(bytes: Uint8Array, width: number): void {
  if (width === 1 || hostIsBigEndian) return;
  for (let start = 0; start < bytes.length; start += width) bytes.subarray(start, start + width).reverse();
}
