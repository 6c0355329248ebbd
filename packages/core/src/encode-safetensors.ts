import { ConfigError } from './errors.ts';
import type { NamedTensors, TensorData } from './named-tensors.ts';
import { requireOneOf } from './option-checks.ts';
import { dtypeLayouts } from './safetensors-dtypes.ts';

/**
 * Writes tensors in the safetensors format (https://github.com/huggingface/safetensors): readable by Python's
 * `safetensors`, and the same bytes for the same tensors whatever the order they come in.
 *
 * @param tensors By name; any but `__metadata__`. F16 and BF16 are given as Float32Array and rounded to nearest even.
 * @param metadata Strings by name, kept in the header.
 * @throws ConfigError if data and shape, or data and dtype, don't fit each other.
 */
export function encodeSafetensors(tensors: NamedTensors, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const entries = Object.entries(tensors);
  for (const [name, tensor] of entries) checkTensor(name, tensor);
  checkMetadata(metadata);
  entries.sort(byAlignmentThenName);

  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set('__metadata__', metadata);
  let end = 0;
  const parts = entries.map(([name, { dtype, shape, data }]) => {
    const begin = end;
    end += data.length * dtypeLayouts[dtype].bytes;
    header.set(name, { dtype, shape, data_offsets: [begin, end] });
    return { begin, dtype, data };
  });

  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  // Spaces up to a multiple of 8 keep every tensor aligned to its element size.
  const headerLength = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength).set(text, 8);
  for (const { begin, dtype, data } of parts) bytes.set(fileBytes(dtype, data), 8 + headerLength + begin);
  return bytes;
}

function fileBytes(dtype: TensorData['dtype'], data: TensorData['data']): Uint8Array {
  const { buffer, byteOffset, byteLength } = dtypeLayouts[dtype].toFile(data);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Wide elements first, so that padding is never needed; names in code unit order. */
function byAlignmentThenName([nameA, a]: [string, TensorData], [nameB, b]: [string, TensorData]): number {
  return dtypeLayouts[b.dtype].bytes - dtypeLayouts[a.dtype].bytes || (nameA < nameB ? -1 : 1);
}

function checkTensor(name: string, { dtype, shape, data }: TensorData): void {
  const field = `The tensor '${name}'`;
  // An integer-like name would be moved to the front of the header by JavaScript: harmless, but `__metadata__` is taken.
  if (name === '__metadata__') throw new ConfigError({ field: 'A tensor name', value: name, expected: 'another name' });
  requireOneOf(`dtype of '${name}'`, dtype, Object.keys(dtypeLayouts) as TensorData['dtype'][]);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new ConfigError({ field: `shape of '${name}'`, value: shape, expected: 'integers of at least 0' });
  }
  const { array } = dtypeLayouts[dtype];
  if (!(data instanceof array)) throw new ConfigError({ field, value: data, expected: `a ${array.name} for ${dtype}` });
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (data.length !== size) {
    const expected = `${size} elements long, as shape [${shape.join(', ')}] says`;
    throw new ConfigError({ field, value: data.length, expected });
  }
}

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw new ConfigError({ field: `metadata '${name}'`, value, expected: 'a string' });
  }
}
