import { CheckpointError } from './errors.ts';
import type { Dtype, NamedTensors, TensorData } from './named-tensors.ts';
import { dtypeLayouts } from './safetensors-dtypes.ts';

/** The limit that the reference implementation has. */
const maxHeaderBytes = 100_000_000;

const remedy = 'The file is damaged or not in the safetensors format: write it anew, or use an earlier checkpoint.';

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: NamedTensors;
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads the safetensors format. The whole header is checked before memory is taken for any tensor: every tensor must
 * lie inside the file, be as long as dtype and shape say, and the tensors must fill the file without gap or overlap.
 *
 * @param bytes The whole file. The result shares no memory with it.
 * @param source The file's name, for error messages.
 * @throws CheckpointError naming source, tensor, what was expected and what was found.
 */
export function decodeSafetensors(bytes: Uint8Array, source = 'safetensors data'): Safetensors {
  const { header, dataStart } = parseHeader(bytes, source);
  const { __metadata__: metadata = {}, ...described } = header;
  const dataLength = bytes.length - dataStart;
  const entries = Object.entries(described).map(([name, entry]) => checkEntry(source, name, entry, dataLength));
  checkCoverage(source, entries, dataLength);
  const checkedMetadata = checkMetadata(source, metadata);

  const tensors = entries.map(({ name, dtype, shape, begin, end }): [string, TensorData] => {
    const copy = new Uint8Array(end - begin);
    copy.set(bytes.subarray(dataStart + begin, dataStart + end));
    return [name, { dtype, shape, data: dtypeLayouts[dtype].read(copy.buffer) }];
  });
  return { tensors: Object.fromEntries(tensors), metadata: checkedMetadata };
}

function parseHeader(bytes: Uint8Array, source: string): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) {
    throw new CheckpointError({ source, expected: 'at least 8 bytes', received: `${bytes.length}`, remedy });
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  const limit = Math.min(maxHeaderBytes, bytes.length - 8);
  if (length > BigInt(limit)) {
    const expected = `a header of at most ${limit} bytes`;
    throw new CheckpointError({ source, expected, received: `one that claims ${length}`, remedy });
  }
  const dataStart = 8 + Number(length);
  return { header: parseJsonObject(bytes.subarray(8, dataStart), source), dataStart };
}

function parseJsonObject(bytes: Uint8Array, source: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new CheckpointError({ source, expected: 'a header in JSON', received: 'something else', remedy }, { cause });
  }
  if (isRecord(parsed)) return parsed;
  throw new CheckpointError({ source, expected: 'a header that is a JSON object', received: kindOf(parsed), remedy });
}

function checkEntry(source: string, name: string, entry: unknown, dataLength: number): HeaderEntry {
  const fail = (expected: string, received: string): never => {
    throw new CheckpointError({ source, tensor: name, expected, received, remedy });
  };
  if (!isRecord(entry)) return fail('an object with dtype, shape and data_offsets', kindOf(entry));
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) return fail(`a dtype among ${Object.keys(dtypeLayouts).join(', ')}`, shorten(dtype));
  if (!isSizeList(shape)) return fail('a shape of integers of at least 0', shorten(shape));
  if (!isSizeList(offsets) || offsets.length !== 2) return fail('data_offsets of two integers', shorten(offsets));
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > dataLength) {
    return fail(`data_offsets in order and within the ${dataLength} bytes of data`, `[${begin}, ${end}]`);
  }
  const wanted = shape.reduce((product, axis) => product * axis, dtypeLayouts[dtype].bytes);
  if (wanted !== end - begin) {
    return fail(`${wanted} bytes for ${dtype} of shape [${shape.join(', ')}]`, `${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

/** Gaps could hide other content; overlaps could make a small file a huge set of tensors. */
function checkCoverage(source: string, entries: readonly HeaderEntry[], dataLength: number): void {
  let covered = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      const received = `byte ${begin}: ${begin > covered ? 'a gap' : 'an overlap'}`;
      throw new CheckpointError({ source, tensor: name, expected: `data from byte ${covered}`, received, remedy });
    }
    covered = end;
  }
  if (covered === dataLength) return;
  const expected = `${covered} bytes of data, as the header says`;
  throw new CheckpointError({ source, expected, received: `${dataLength}`, remedy });
}

function checkMetadata(source: string, metadata: unknown): Record<string, string> {
  const isValid = isRecord(metadata) && Object.values(metadata).every((value) => typeof value === 'string');
  if (isValid) return metadata as Record<string, string>;
  throw new CheckpointError({
    source,
    tensor: '__metadata__',
    expected: 'strings by name',
    received: shorten(metadata),
    remedy,
  });
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(dtypeLayouts, value);
}

function isSizeList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
