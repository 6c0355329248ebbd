import type { NamedTensors } from '../src/index.ts';

/** One tensor of every dtype, with values that each can hold exactly. */
export const sampleTensors: NamedTensors = {
  'generator/kernel': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(0.1, -0, 1e-45, NaN, Infinity, -3.4e38) },
  half: { dtype: 'F16', shape: [4], data: Float32Array.of(0.5, -65504, 2 ** -24, Infinity) },
  brain: { dtype: 'BF16', shape: [2], data: Float32Array.of(1.5, -(2 ** 100)) },
  double: { dtype: 'F64', shape: [1, 1], data: Float64Array.of(Math.PI) },
  long: { dtype: 'I64', shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
  unsignedLong: { dtype: 'U64', shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
  int: { dtype: 'I32', shape: [2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
  unsigned: { dtype: 'U32', shape: [1], data: Uint32Array.of(2 ** 32 - 1) },
  short: { dtype: 'I16', shape: [1], data: Int16Array.of(-32768) },
  unsignedShort: { dtype: 'U16', shape: [1], data: Uint16Array.of(65535) },
  signedByte: { dtype: 'I8', shape: [3], data: Int8Array.of(-128, 0, 127) },
  byte: { dtype: 'U8', shape: [1], data: Uint8Array.of(255) },
  flags: { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) },
  single: { dtype: 'F32', shape: [], data: Float32Array.of(7) },
  empty: { dtype: 'F32', shape: [0, 5], data: new Float32Array(0) },
  größe: { dtype: 'F32', shape: [1], data: Float32Array.of(2) },
};

/** A file with the given header and data; `claimed` is the header length it states. */
export function makeFile(header: unknown, data: Uint8Array, claimed?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed ?? text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
